// The error texts that docs/troubleshooting.md quotes are those of the code.
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BackendUnavailableError, WebSocketConnection, WebSocketServer, WinHttpRequest } from '../../lib/index.ts';
import { closedPort } from '../../lib/parity/http-server.ts';
import { root } from './samples.ts';

const backend = 'portable';
const page = readFileSync(path.join(root, 'docs/troubleshooting.md'), 'utf8').replaceAll('\r\n', '\n');
const rows = page
  .split('\n')
  .filter((line) => /^\| .+ \| .+ \| .+ \|$/.test(line) && !/^\| (?:error|what happens) \|/.test(line));
const quoted = [
  ...new Set(
    rows.flatMap((row) => [...(row.split(' | ')[0] ?? '').matchAll(/`([^`]+)`/g)].map(([, text = '']) => text)),
  ),
];

/** Texts and codes of other programs. */
const FOREIGN = new Set([
  'gyp ERR! find Python',
  'gyp ERR! find VS',
  'not found: make',
  'no such file',
  'invalid ELF header',
  'not a valid Win32 application',
  'GLIBC_… not found',
  'ld-musl',
  'ERR_REQUIRE_ESM',
  'Must use import to load ES Module',
  'TS1479',
  "TS2307: Cannot find module 'winwire'",
  'ECONNREFUSED',
  'ECONNRESET',
  'EADDRINUSE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPROTO',
  'SELF_SIGNED_CERT_…',
  'UNABLE_TO_VERIFY_…',
  'CERT_HAS_EXPIRED',
  'unhandledRejection',
]);

const servers: Server[] = [];
let httpPort: number;
let silentPort: number;
let cuttingPort: number;
let echo: WebSocketServer;

async function listening(server: Server): Promise<number> {
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
}

beforeAll(async () => {
  httpPort = await listening(createServer((_, response) => response.end('a page')));
  silentPort = await listening(createTcpServer((socket) => socket.on('error', () => {})));
  cuttingPort = await listening(
    createTcpServer((socket) => socket.on('error', () => {}).once('data', () => socket.destroy())),
  );
  echo = new WebSocketServer({ port: 0, backend });
  await once(echo, 'listening');
});

afterAll(async () => {
  await echo.close();
  for (const server of servers) server.close();
});

const connect = (url: string, options = {}) => WebSocketConnection.connect(url, { backend, ...options });
const echoUrl = () => `ws://127.0.0.1:${(echo.address() as AddressInfo).port}/`;

/** Calls a method of an open connection. */
async function onConnection(call: (connection: WebSocketConnection) => unknown): Promise<void> {
  const connection = await connect(echoUrl());
  try {
    await call(connection);
  } finally {
    connection.abort();
  }
}

async function onRequest(call: (request: WinHttpRequest) => unknown): Promise<void> {
  await using request = await WinHttpRequest.create({ backend });
  await call(request);
}

/** How to provoke each text that the page quotes. */
const PROVOCATIONS: Record<string, () => unknown> = {
  "The backend 'system' is not available: …": () => Promise.reject(new BackendUnavailableError('system', 'a reason')),
  'The "url" argument must be …': () => connect('localhost:8080'),
  'Unknown option "…"': () => connect('ws://127.0.0.1/', { protocols: ['a'] }),
  'The server did not upgrade: it answered 200': () => connect(`ws://127.0.0.1:${httpPort}/`),
  'The opening handshake with … took longer than …': () =>
    connect(`ws://127.0.0.1:${silentPort}/`, { limits: { handshakeTimeout: 20 } }),
  'the two sides do not agree on a sub-protocol': () => connect(echoUrl(), { subprotocols: ['chat'] }),
  'it does not speak TLS on this port': () => connect(`wss://127.0.0.1:${httpPort}/`),
  '… closed the connection during the handshake': () => connect(`ws://127.0.0.1:${cuttingPort}/`),
  'Pass exactly one of "server", "port" or "noServer"': () => new WebSocketServer({} as never),
  'The "message" argument must be …': () => onConnection((connection) => connection.send({} as never)),
  'The "code" argument must be …': () => onConnection((connection) => connection.close(1005)),
  'The "reason" argument must be …': () => onConnection((connection) => connection.close(1000, 'x'.repeat(124))),
  'The connection is closed': () =>
    onConnection(async (connection) => {
      await connection.close();
      await connection.send('late');
    }),
  'the URL is missing': () => onRequest((request) => request.open('GET', undefined)),
  'Unknown option "…". Use …': () => onRequest((request) => request.setOption('EnableRedirect' as never, true)),
  'the connection was refused': async () =>
    WinHttpRequest.request(`http://127.0.0.1:${await closedPort()}/`, { backend }),
};

/** The parts of a quoted text between its ellipses. */
const partsOf = (text: string) =>
  text
    .split('…')
    .map((part) => part.trim())
    .filter((part) => part !== '');

describe('docs/troubleshooting.md', () => {
  const lib = path.join(root, 'lib');
  const files = readdirSync(lib, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const sources = files.map((file) => readFileSync(path.join(lib, file), 'utf8')).join('\n');

  it('quotes many texts', () => {
    expect(quoted.length).toBeGreaterThan(50);
    expect(Object.keys(PROVOCATIONS).filter((text) => !quoted.includes(text))).toEqual([]);
    expect([...FOREIGN].filter((text) => !quoted.includes(text))).toEqual([]);
  });

  it.each(quoted.filter((text) => PROVOCATIONS[text] === undefined && !FOREIGN.has(text)))(
    'quotes a text or code of lib: %s',
    (text) => {
      expect(partsOf(text).filter((part) => !sources.includes(part))).toEqual([]);
    },
  );

  it.each(Object.entries(PROVOCATIONS))('quotes the text of a provoked error: %s', async (text, provoke) => {
    const error = await Promise.resolve()
      .then(provoke)
      .then(
        () => undefined,
        (reason: Error) => reason,
      );
    for (const part of partsOf(text)) expect(error?.message).toContain(part);
  });
});
