// npm run bench -- forwarder: a tunnel through the forwarder beside a plain relay of node:net, one GiB each way at once; the
// server and the client in another process. Method and rows: bench/README.md.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createForwarder } from 'winwire';
import { rowOf } from '../lib/rounds.ts';
import { printTable, significant, writeRows } from '../lib/rows.ts';

const { values } = parseArgs({
  strict: false,
  options: {
    rounds: { type: 'string', default: '5' },
    mebibytes: { type: 'string', default: '1024' },
    output: { type: 'string', default: 'build/bench.json' },
  },
});
const SIZE = Number(values.mebibytes) * 2 ** 20;
const CHUNK = Buffer.alloc(256 * 1024, 'winwire ');

/** Sends SIZE bytes and receives as many. */
async function exchange(socket: Socket): Promise<void> {
  let received = 0;
  const complete = new Promise<void>((resolve, reject) => {
    socket.on('data', (bytes) => {
      received += bytes.length;
      if (received === SIZE) resolve();
    });
    socket.on('close', () => reject(new Error(`the connection ended after ${received} bytes`)));
    socket.resume();
  });
  for (let sent = 0; sent < SIZE; sent += CHUNK.length) {
    if (!socket.write(CHUNK)) await once(socket, 'drain');
  }
  await complete;
}

/** A server that sends SIZE bytes and receives as many, on each connection. */
async function listen(onConnection: (socket: Socket) => void): Promise<Server & { readonly port: number }> {
  const server = createServer({ noDelay: true, allowHalfOpen: true }, onConnection).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(server, { port: (server.address() as AddressInfo).port });
}

/** The peers' process: a server, and a client for each message. */
async function servePeers(): Promise<void> {
  const server = await listen((socket) => {
    socket.on('error', () => {});
    void exchange(socket).then(() => socket.end());
  });
  process.on('message', async ({ port, head }: { port: number; head: string }) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    if (head !== '') {
      socket.write(head.replaceAll('PORT', String(server.port)));
      const [answer] = (await once(socket, 'data')) as [Buffer];
      const end = answer.indexOf('\r\n\r\n') + 4;
      if (!answer.toString('latin1').startsWith('HTTP/1.1 200 ') || end < 4) throw new Error(String(answer));
      socket.pause().unshift(answer.subarray(end));
    }
    const start = performance.now();
    await exchange(socket);
    process.send?.({ milliseconds: performance.now() - start });
    socket.destroy();
  });
  process.on('disconnect', () => process.exit());
  process.send?.({ port: server.port });
}

async function ask(peers: ChildProcess, message: object): Promise<{ milliseconds: number }> {
  const answer = once(peers, 'message');
  peers.send(message);
  const [result] = (await answer) as [{ milliseconds: number }];
  return result;
}

async function main(): Promise<void> {
  const peers = fork(fileURLToPath(import.meta.url), [...process.argv.slice(2), '--peers']);
  const [{ port: serverPort }] = (await once(peers, 'message')) as [{ port: number }];
  const relay = await listen((socket) => {
    const server = connect({ port: serverPort, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
    socket.pipe(server).pipe(socket);
    for (const each of [socket, server]) each.on('error', () => {});
  });
  const forwarder = await createForwarder({ proxy: 'direct', password: false });
  const connectTo = `127.0.0.1:${serverPort}`;
  const head = `CONNECT ${connectTo} HTTP/1.1\r\nHost: ${connectTo}\r\n\r\n`;
  const rate = ({ milliseconds }: { milliseconds: number }) => (2 * SIZE) / 2 ** 20 / (milliseconds / 1000);
  const results: { ours: number; peer: number }[] = [];
  for (let i = -1; i < Number(values.rounds); i++) {
    const measure = { ours: 0, peer: 0 };
    const turns = ['ours', 'peer'] as const;
    for (const who of i % 2 === 0 ? turns : [...turns].reverse()) {
      const way = who === 'ours' ? { port: forwarder.port, head } : { port: relay.port, head: '' };
      measure[who] = rate(await ask(peers, way));
    }
    if (i >= 0) results.push(measure);
  }
  const rows = [rowOf({ id: 'forwarder-tunnel', unit: 'MiB a second', peerName: 'node:net relay' }, results)];
  printTable(rows);
  writeRows(String(values.output), rows);
  console.log(`${significant(SIZE / 2 ** 20)} MiB each way at once`);
  await forwarder.close();
  relay.close();
  peers.disconnect();
}

await (values.peers ? servePeers() : main());
