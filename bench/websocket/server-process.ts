// An echo server or a sender in a separate process: `fork(server-process, [library])`. It sends { port }, answers each
// request { usage } with its CPU time and memory, and { burst } by sending to every connection.
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { WebSocketConnection, WebSocketServer } from 'winwire';
import type { BurstRequest, ServerRequest, Usage } from './protocol.ts';

const ws = createRequire(import.meta.url)('ws') as typeof import('ws');

/** Sends one message; resolves when the socket has its bytes. */
type Send = (message: Buffer) => Promise<void>;

const library = process.argv[2];
const senders = new Set<Send>();

if (library === 'winwire') serveWinwire();
else serveWs();

process.on('message', (request: ServerRequest) => {
  if (request === 'usage') process.send?.(usage());
  else if ('connect' in request) void connect(request.connect);
  else void burst(request);
});
process.on('disconnect', () => process.exit());

function serveWinwire(): void {
  const server = new WebSocketServer({ port: 0 });
  server.on('connection', (connection) => {
    connection.on('message', (message) => void connection.send(message));
    senders.add((message) => connection.send(message));
  });
  server.on('listening', () => process.send?.({ port: (server.address() as AddressInfo).port }));
}

function serveWs(): void {
  const server = new ws.WebSocketServer({ port: 0, host: '127.0.0.1' });
  server.on('connection', (connection) => {
    connection.on('message', (message, binary) => connection.send(message, { binary }));
    senders.add((message) => sendWs(connection, message));
  });
  server.on('listening', () => process.send?.({ port: (server.address() as AddressInfo).port }));
}

async function connect(port: number): Promise<void> {
  const url = `ws://127.0.0.1:${port}/`;
  if (library === 'winwire') {
    const connection = await WebSocketConnection.connect(url);
    senders.add((message) => connection.send(message));
  } else {
    const connection = new ws.WebSocket(url, { perMessageDeflate: false });
    await new Promise((resolve) => connection.once('open', resolve));
    senders.add((message) => sendWs(connection, message));
  }
  process.send?.('connected');
}

function sendWs(connection: InstanceType<typeof ws.WebSocket>, message: Buffer): Promise<void> {
  return new Promise((resolve, reject) => connection.send(message, (error) => (error ? reject(error) : resolve())));
}

/** Sends bursts of messages, each burst awaited. */
async function burst({ bursts, perBurst, size }: BurstRequest): Promise<void> {
  const message = Buffer.alloc(size, 1);
  const start = process.cpuUsage();
  for (const send of senders) {
    for (let i = 0; i < bursts; i++) await Promise.all(Array.from({ length: perBurst }, () => send(message)));
  }
  const { user, system } = process.cpuUsage(start);
  process.send?.({ sent: bursts * perBurst * senders.size, cpu: user + system });
}

function usage(): Usage {
  // The second collection returns the pages that the first has emptied.
  for (let times = 0; times < 2; times++) (globalThis as { gc?: () => void }).gc?.();
  const { user, system } = process.cpuUsage();
  return { cpu: user + system, rss: process.memoryUsage.rss() };
}
