// npm run bench -- tunnel: WebSockets through a proxy by CONNECT, beside ws with an agent over node:http; memory over many
// tunnels; how soon an abort rejects. Method and rows: bench/README.md.
import { once } from 'node:events';
import { Agent, type ClientRequestArgs, request } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { WebSocketConnection } from 'winwire';
import { WebSocket as WsWebSocket } from 'ws';
import { rowOf } from '../lib/rounds.ts';
import { printTable, quantile, significant, writeRows } from '../lib/rows.ts';
import type { Ports } from './server.ts';

const { values } = parseArgs({
  strict: false,
  options: {
    rounds: { type: 'string', default: '15' },
    tunnels: { type: 'string', default: '10000' },
    aborts: { type: 'string', default: '10000' },
    output: { type: 'string', default: 'build/bench.json' },
  },
});

const AT_ONCE = 16;
const PER_ROUND = 200;

const worker = new Worker(new URL('./server.js', import.meta.url));
const [ports] = (await once(worker, 'message')) as [Ports];
const proxy = { proxy: `127.0.0.1:${ports.proxy}` };
const urls = { plain: `ws://server.example:${ports.plain}/`, secure: `wss://server.example:${ports.secure}/` };

async function winwire(url: string): Promise<void> {
  const connection = await WebSocketConnection.connect(url, { proxy, backend: 'portable', rejectUnauthorized: false });
  connection.send('hello');
  if ((await connection.receive()) !== 'hello') throw new Error('another answer');
  await connection.close();
}

/** The least that a user of ws writes for a proxy. */
class ConnectAgent extends Agent {
  readonly #isSecure: boolean;

  constructor(isSecure: boolean) {
    super();
    this.#isSecure = isSecure;
    // node:https rejects agents of http:.
    Object.assign(this, { protocol: isSecure ? 'https:' : 'http:' });
  }

  override createConnection(options: ClientRequestArgs, callback?: (error: Error | null, stream: Duplex) => void) {
    const path = `${options.host}:${options.port}`;
    const asked = request({ host: '127.0.0.1', port: ports.proxy, method: 'CONNECT', path, agent: false });
    asked.on('connect', (_answer, socket: Socket) => {
      const secure = () => connectTls({ socket, rejectUnauthorized: false, servername: 'server.example' });
      callback?.(null, this.#isSecure ? secure() : socket);
    });
    asked.end();
    return undefined;
  }
}

const agents = { plain: new ConnectAgent(false), secure: new ConnectAgent(true) };

async function ws(url: string): Promise<void> {
  const agent = url.startsWith('wss') ? agents.secure : agents.plain;
  const socket = new WsWebSocket(url, { agent, perMessageDeflate: false });
  await once(socket, 'open');
  socket.send('hello');
  await once(socket, 'message');
  socket.close();
  await once(socket, 'close');
}

/** Runs a task so often, some at a time. */
async function repeat(count: number, task: () => Promise<void>): Promise<void> {
  let left = count;
  const turn = async () => {
    while (left-- > 0) await task();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, turn));
}

async function rateOf(task: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await repeat(PER_ROUND, task);
  return (PER_ROUND * 1_000) / (performance.now() - start);
}

/** Connections a second of both, in turns. */
async function compareConnections(id: string, url: string) {
  const results: { ours: number; peer: number }[] = [];
  for (let i = -2; i < Number(values.rounds); i++) {
    const first = await rateOf(() => (i % 2 === 0 ? winwire(url) : ws(url)));
    const second = await rateOf(() => (i % 2 === 0 ? ws(url) : winwire(url)));
    if (i >= 0) results.push(i % 2 === 0 ? { ours: first, peer: second } : { ours: second, peer: first });
  }
  return rowOf({ id, unit: 'connections a second', peerName: 'ws' }, results);
}

const rows = [
  await compareConnections('tunnel-websocket', urls.plain),
  await compareConnections('tunnel-websocket-tls', urls.secure),
];
printTable(rows);
writeRows(String(values.output), rows);

const collect = (globalThis as { gc?: () => void }).gc ?? (() => {});
const heap = (): number => {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 2 ** 20;
};
const before = heap();
await repeat(Number(values.tunnels), () => winwire(urls.plain));
console.log(`${values.tunnels} tunnels: ${significant(heap() - before)} MiB more on the heap`);

const waits: number[] = [];
await repeat(Number(values.aborts), async () => {
  const controller = new AbortController();
  let aborted = 0;
  setTimeout(() => {
    aborted = performance.now();
    controller.abort();
  }, Math.random() * 20);
  try {
    const options = { proxy, backend: 'portable', signal: controller.signal } as const;
    const connection = await WebSocketConnection.connect(urls.plain, options);
    connection.abort();
  } catch {
    if (aborted > 0) waits.push(performance.now() - aborted);
  }
});
const openSockets = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
// The last ones were aborted just now.
for (let i = 0; i < 50 && openSockets() > 0; i++) await delay(20);
const left = openSockets();
const p99 = significant(quantile(waits, 0.99));
console.log(
  `${values.aborts} aborts at random moments: ${waits.length} reject within ${p99} ms (p99), ${left} sockets left`,
);
await worker.terminate();
