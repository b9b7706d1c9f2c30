// send-*, echo-*, latency-*, idle-memory: over TCP on loopback, in separate processes.
import { rowOf } from '../lib/rounds.ts';
import { quantile, type Row, significant } from '../lib/rows.ts';
import { type Library, LoadProcess, ServerProcess } from './processes.ts';

interface Pair<T> {
  ours: T;
  peer: T;
}

/** Runs the same for each library in turns, with a new pair of processes per round. */
async function inTurns(
  rounds: number,
  measure: (library: Library, load: LoadProcess) => Promise<number>,
): Promise<Pair<number>[]> {
  const results: Pair<number>[] = [];
  for (let i = 0; i < rounds; i++) {
    const order: Library[] = i % 2 === 0 ? ['winwire', 'ws'] : ['ws', 'winwire'];
    const result = { ours: 0, peer: 0 };
    for (const library of order) {
      const load = new LoadProcess();
      try {
        result[library === 'winwire' ? 'ours' : 'peer'] = await measure(library, load);
      } finally {
        load.stop();
      }
    }
    results.push(result);
  }
  return results;
}

async function withServer<T>(library: Library, use: (server: ServerProcess) => Promise<T>): Promise<T> {
  const server = await ServerProcess.start(library);
  try {
    return await use(server);
  } finally {
    server.stop();
  }
}

const BURST = { perBurst: 64, size: 125 };

/** Messages per CPU second, framed and written; each send is awaited, in bursts. */
export async function sendRow(role: 'server' | 'client', rounds: number): Promise<Row> {
  const results = await inTurns(rounds, (library, load) =>
    withServer(library, async (sender) => {
      if (role === 'client') await sender.connect(await load.sink());
      else await load.load({ port: sender.port, connections: 1, inFlight: 1, size: 16, messages: 1, keep: true });
      await sender.burst({ ...BURST, bursts: 500 });
      const { sent, cpu } = await sender.burst({ ...BURST, bursts: 3000 });
      return (sent * 1e6) / cpu;
    }),
  );
  return rowOf({ id: `send-${role}-125`, unit: 'messages/CPU s', peerName: 'ws' }, results);
}

/** Messages per CPU second of the server: 100 connections, with 16 pending messages each. */
export async function echoRow(size: number, rounds: number): Promise<Row> {
  const results = await inTurns(rounds, (library, load) =>
    withServer(library, async (server) => {
      const request = { port: server.port, connections: 100, inFlight: 16, size };
      await load.load({ ...request, messages: 50_000 });
      const before = await server.usage();
      await load.load({ ...request, messages: 200_000 });
      const after = await server.usage();
      return (200_000 * 1e6) / (after.cpu - before.cpu);
    }),
  );
  return rowOf({ id: `echo-${size}`, unit: 'messages/CPU s', peerName: 'ws' }, results);
}

/** Microseconds for one round trip of a message, one at a time. */
export async function latencyRows(rounds: number): Promise<Row[]> {
  const times = { ours: [] as number[][], peer: [] as number[][] };
  await inTurns(rounds, (library, load) =>
    withServer(library, async (server) => {
      const request = { port: server.port, connections: 1, inFlight: 1, size: 32 };
      await load.load({ ...request, messages: 2000 });
      const result = await load.load({ ...request, messages: 10_000, times: true });
      times[library === 'winwire' ? 'ours' : 'peer'].push(result.times);
      return 0;
    }),
  );
  return [
    { id: 'latency-median', part: 0.5 },
    { id: 'latency-p99', part: 0.99 },
  ].map(({ id, part }) => {
    const results = times.ours.map((ours, i) => ({
      ours: quantile(ours, part),
      peer: quantile(times.peer[i] ?? [], part),
    }));
    return lessIsBetter(id, 'µs', results);
  });
}

/** Resident bytes of a connection that has echoed one message and is idle. */
export async function idleMemoryRow(connections: number, rounds: number): Promise<Row> {
  const results = await inTurns(rounds, (library, load) =>
    withServer(library, async (server) => {
      await load.load({ port: server.port, connections: 50, inFlight: 1, size: 32, messages: 1000 });
      const before = await server.usage();
      await load.load({ port: server.port, connections, inFlight: 1, size: 32, messages: connections, keep: true });
      const after = await server.usage();
      return (after.rss - before.rss) / connections;
    }),
  );
  return lessIsBetter('idle-memory', 'bytes/connection', results);
}

/** The ratio is the peer's value over ours, so that above 1 ours is better. */
function lessIsBetter(id: string, unit: string, results: readonly Pair<number>[]): Row {
  const inverse = results.map(({ ours, peer }) => ({ ours: 1 / ours, peer: 1 / peer }));
  const row = rowOf({ id, unit, peerName: 'ws' }, inverse);
  return { ...row, ours: significant(1 / row.ours), peer: significant(1 / row.peer) };
}
