// A process or a worker ends at once during an attempt, at each stage of it, or by the end of the attempt.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocketServer } from '../../lib/index.ts';
import { RawServer } from '../helpers/http-raw-server.ts';
import { SocksProxy } from '../helpers/socks-proxy.ts';
import { challenge, TunnelProxy } from '../helpers/tunnel-proxy.ts';
import { UnansweredPort } from '../helpers/unanswered-port.ts';

const program = fileURLToPath(new URL('programs/attempts.mjs', import.meta.url));

/** Who attempts: a WebSocket, or a client of the forwarder by CONNECT, or by GET for http:. */
type Door = 'websocket' | 'forwarder';

interface Stage {
  readonly proxy: string | { readonly pac: string };
  readonly url: string;
  /** Whether the attempt has come so far. */
  isReached(): boolean;
  /** The number of the peers' open sockets. */
  open(): number;
}

const isLinux = process.platform === 'linux';
const stages: Record<string, Stage> = {};
const peers: AsyncDisposable[] = [];

beforeAll(async () => {
  const silent = await TunnelProxy.start(() => null);
  const asking = await TunnelProxy.start((head) =>
    /^Proxy-Authorization/m.test(head) ? null : challenge('Basic realm="a"'),
  );
  const passing = await TunnelProxy.start();
  const passingToTls = await TunnelProxy.start();
  const target = await RawServer.start(() => {});
  const socks = await SocksProxy.start({ bytes: Buffer.of(5) });
  const noTls = await RawServer.start(() => {});
  const noProxyTls = await RawServer.start(() => {});
  const noScript = await RawServer.start(() => {});
  const noAnswer = await RawServer.start(() => {});
  const [websockets, bytes, toWebSockets, toBytes] = [
    await echoMessages(),
    await echoBytes(),
    await TunnelProxy.start(),
    await TunnelProxy.start(),
  ];
  peers.push(
    noScript,
    noAnswer,
    websockets,
    bytes,
    toWebSockets,
    toBytes,
    silent,
    asking,
    passing,
    passingToTls,
    target,
    socks,
    noTls,
    noProxyTls,
  );
  const server = `ws://server.example:${target.port}/`;
  stages['the download of a script'] = {
    proxy: { pac: noScript.url() },
    url: server,
    isReached: () => noScript.heads.length > 0,
    open: () => noScript.open,
  };
  stages['the response to a request'] = {
    proxy: `127.0.0.1:${noAnswer.port}`,
    url: 'http://server.example/',
    isReached: () => noAnswer.heads.length > 0,
    open: () => noAnswer.open,
  };
  stages['more messages of an open WebSocket'] = {
    proxy: toWebSockets.place,
    url: websockets.url,
    isReached: () => websockets.rounds > 10,
    open: () => toWebSockets.openSockets,
  };
  stages['more bytes of an open tunnel'] = {
    proxy: toBytes.place,
    url: bytes.url,
    isReached: () => bytes.rounds > 10,
    open: () => toBytes.openSockets,
  };
  if (isLinux) {
    const unanswered = await UnansweredPort.start();
    peers.push(unanswered);
    stages['the connection to the proxy'] = {
      proxy: unanswered.place,
      url: server,
      isReached: () => unanswered.attempts > 0,
      open: () => unanswered.attempts,
    };
  }
  stages['TLS to the proxy'] = {
    proxy: `https://127.0.0.1:${noProxyTls.port}`,
    url: server,
    isReached: () => noProxyTls.open > 0,
    open: () => noProxyTls.open,
  };
  stages['the answer to CONNECT'] = {
    proxy: silent.place,
    url: server,
    isReached: () => silent.heads.length > 0,
    open: () => silent.openSockets,
  };
  stages['the answer to the second leg'] = {
    proxy: `http://u:p@${asking.place}`,
    url: server,
    isReached: () => asking.heads.length > 1,
    open: () => asking.openSockets,
  };
  stages['TLS to the server'] = {
    proxy: passingToTls.place,
    url: `wss://server.example:${noTls.port}/`,
    isReached: () => noTls.open > 0,
    open: () => noTls.open + passingToTls.openSockets,
  };
  stages['the opening handshake'] = {
    proxy: passing.place,
    url: server,
    isReached: () => target.heads.length > 0,
    open: () => target.open + passing.openSockets,
  };
  stages['the greeting of SOCKS'] = {
    proxy: `socks5://${socks.place}`,
    url: server,
    // The client of the package was loaded.
    isReached: () => socks.packets > 0,
    open: () => socks.open,
  };
});

afterAll(async () => {
  for (const peer of peers) await peer[Symbol.asyncDispose]();
});

/** Counts the messages that it sends back. */
async function echoMessages() {
  let rounds = 0;
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server.on('connection', (peer) => {
    peer.on('message', (message) => {
      rounds++;
      peer.send(message).catch(() => {});
    });
  });
  await once(server, 'listening');
  return {
    url: `ws://server.example:${(server.address() as AddressInfo).port}/`,
    get rounds() {
      return rounds;
    },
    [Symbol.asyncDispose]: () => server.close(),
  };
}

/** Counts the pieces that it sends back. */
async function echoBytes() {
  let rounds = 0;
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (piece) => {
      rounds++;
      socket.write(piece);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `ws://server.example:${(server.address() as AddressInfo).port}/`,
    get rounds() {
      return rounds;
    },
    async [Symbol.asyncDispose]() {
      server.close();
    },
  };
}

const BOTH = ['the download of a script', ...(isLinux ? ['the connection to the proxy'] : [])].concat([
  'TLS to the proxy',
  'the answer to CONNECT',
  'the answer to the second leg',
  'the greeting of SOCKS',
]);
const WEBSOCKET = [...BOTH, 'TLS to the server', 'the opening handshake', 'more messages of an open WebSocket'];
const FORWARDER = [...BOTH, 'the response to a request', 'more bytes of an open tunnel'];
const cases: readonly (readonly [Door, string])[] = [
  ...WEBSOCKET.map((name) => ['websocket', name] as const),
  ...FORWARDER.map((name) => ['forwarder', name] as const),
];

describe.each(cases)('while a %s waits for %s', (door, name) => {
  // After the end of the attempt the process ends without being told to, else its exit code is 1.
  it.each(['worker', 'process', 'attempt'])('a %s ends, and leaves no socket', { timeout: 90_000 }, async (end) => {
    const stage = stages[name] as Stage;
    const from = typeof stage.proxy === 'string' ? { proxy: stage.proxy } : stage.proxy;
    const child = fork(program, [end, door, stage.url, JSON.stringify(from)], { stdio: 'inherit' });
    const exit = once(child, 'exit');
    await expect.poll(() => stage.isReached() && stage.open() > 0, { timeout: 60_000 }).toBe(true);
    child.send('end');
    expect(await exit).toEqual([0, null]);
    await expect.poll(() => stage.open()).toBe(0);
  });
});
