// WebSocketConnection and WebSocketServer with other implementations as peers. Missing ones are reported as skipped; CI
// installs them.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import { WebSocket as UndiciWebSocket } from 'undici';
import { describe, expect, it } from 'vitest';
import { WebSocketServer as WsServer, WebSocket as WsWebSocket } from 'ws';
import { WebSocketConnection } from '../../lib/websocket/connection/websocket-connection.ts';
import { availableBackends } from '../helpers/backends.ts';
import { chromium, openPage } from '../helpers/chromium.ts';
import { cert, startEchoService, startServer } from './echo-service.ts';

const SIZES = [0, 1, 125, 126, 65_535, 65_536, 1 << 20];
const TEXT = 'Grüße, мир, 漢字, 𝄞';
const peer = (name: string) => fileURLToPath(new URL(`./peers/${name}`, import.meta.url));
const works = (command: string, ...args: string[]) => spawnSync(command, args, { timeout: 20_000 }).status === 0;
const python = '/usr/bin/python3';
const hasPython = works(python, '-c', 'import websockets');

const bytesOf = (size: number) => Buffer.from(Uint8Array.from({ length: size }, (_, i) => i % 251));

/** Runs our client against an echo server. */
async function holdToEcho(connection: WebSocketConnection): Promise<void> {
  for (const size of SIZES) {
    const sent = bytesOf(size);
    await connection.send(sent);
    expect(sent.equals((await connection.receive()) as Buffer)).toBe(true);
  }
  await connection.send(TEXT);
  expect(await connection.receive()).toBe(TEXT);
  await connection.send(['frag', 'men', 'ted']);
  expect(await connection.receive()).toBe('fragmented');
  expect(await connection.ping()).toBeGreaterThanOrEqual(0);
  expect(await connection.close(4001, 'done')).toMatchObject({ code: 4001, wasClean: true });
}

describe.each(availableBackends)('interoperation of connections on %s', (backend) => {
  it.each(['TCP', 'TLS'] as const)('ws as the server over %s', async (transport) => {
    await using httpServer = await startServer(transport);
    const server = new WsServer({ server: httpServer.server, maxPayload: 0 });
    server.on('connection', (socket) => socket.on('message', (data, binary) => socket.send(data, { binary })));
    await holdToEcho(await WebSocketConnection.connect(httpServer.url, { backend, ca: cert, family: 4 }));
  });

  it.each(['TCP', 'TLS'] as const)('ws as the client over %s', async (transport) => {
    await using service = await startEchoService(backend, transport);
    const socket = new WsWebSocket(service.url, { ca: cert, family: 4 });
    await once(socket, 'open');
    for (const size of SIZES) {
      socket.send(bytesOf(size));
      const [data] = await once(socket, 'message');
      expect((data as Buffer).equals(bytesOf(size))).toBe(true);
    }
    socket.send(Buffer.from('frag'), { fin: false, binary: false });
    socket.send(Buffer.from('mented'), { fin: true, binary: false });
    expect(String((await once(socket, 'message'))[0])).toBe('fragmented');
    socket.ping('payload');
    expect(String((await once(socket, 'pong'))[0])).toBe('payload');
    socket.send('close 4002 bye');
    expect(await once(socket, 'close')).toEqual([4002, Buffer.from('bye')]);
  });

  it('undici as the client', async () => {
    await using service = await startEchoService(backend);
    const socket = new UndiciWebSocket(service.url, 'chat');
    socket.binaryType = 'arraybuffer';
    const next = (name: string) =>
      new Promise<Event>((resolve) => socket.addEventListener(name as 'open', resolve as () => void, { once: true }));
    await next('open');
    expect(socket.protocol).toBe('chat');
    for (const size of SIZES) {
      socket.send(bytesOf(size));
      const { data } = (await next('message')) as Event & { data: ArrayBuffer };
      expect(bytesOf(size).equals(Buffer.from(data))).toBe(true);
    }
    socket.close(4001, 'done');
    expect(await next('close')).toMatchObject({ code: 4001, wasClean: true });
  });

  it.skipIf(!hasPython)('python3-websockets as the server', async () => {
    const process = spawn(python, [peer('echo_server.py')], { stdio: ['pipe', 'pipe', 'inherit'] });
    const [port] = await once(process.stdout, 'data');
    await holdToEcho(await WebSocketConnection.connect(`ws://127.0.0.1:${String(port).trim()}`, { backend }));
    process.stdin.end();
    await once(process, 'exit');
  });

  it.skipIf(!hasPython)('python3-websockets as the client', async () => {
    await using service = await startEchoService(backend);
    const process = spawn(python, [peer('client.py'), service.url.replace('localhost', '127.0.0.1')], {
      stdio: 'inherit',
    });
    expect((await once(process, 'exit'))[0]).toBe(0);
  });

  it.skipIf(chromium === undefined)('Chromium as the client', async () => {
    let tell: (result: string) => void;
    const result = new Promise<string>((resolve) => {
      tell = resolve;
    });
    await using service = await startEchoService(
      backend,
      'TCP',
      (request: IncomingMessage, response: ServerResponse) => {
        if (request.url !== '/result') {
          response.setHeader('Content-Type', 'text/html; charset=utf-8').end(readFileSync(peer('page.html')));
          return;
        }
        request.setEncoding('utf8').on('data', tell);
        response.end();
      },
    );
    await using _page = openPage(service.url.replace('ws', 'http'));
    expect(await result).toBe('passed');
  });
});
