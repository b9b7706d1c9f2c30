// Reused connections, and servers that close them without announcing it.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { Worker } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import { CredentialTarget, SslErrorFlag, WinHttpRequest } from '../../../lib/index.ts';
import { Connection } from '../../../lib/winhttp/portable/http-connection.ts';
import { Exchange, type SendProgress } from '../../../lib/winhttp/portable/http-exchange.ts';
import * as certificates from '../../helpers/certificates.ts';
import { RawServer } from '../../helpers/http-raw-server.ts';
import { sent } from '../../helpers/http-request.ts';
import { USER } from '../../helpers/http-server.ts';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const COUNT = 20;

/** Ends a connection with every n-th answer without announcing it. */
const closing = (every: number, end: (socket: Socket, bytes: string) => void, secure?: TlsOptions) => {
  const answers = new WeakMap<Socket, number>();
  return RawServer.start((socket, head) => {
    const count = (answers.get(socket) ?? 0) + 1;
    answers.set(socket, count);
    const bytes = head.includes(' /redirect ')
      ? 'HTTP/1.1 307 There\r\nLocation: /\r\nContent-Length: 0\r\n\r\n'
      : head.startsWith('HEAD')
        ? OK.slice(0, -2)
        : OK;
    if (count % every === 0) end(socket, bytes);
    else socket.write(bytes);
  }, secure);
};

const fin = (socket: Socket, bytes: string) => void socket.end(bytes);
const reset = (socket: Socket, bytes: string) => void socket.write(bytes, () => socket.resetAndDestroy());

describe.each([
  ['an end', fin],
  ['a reset', reset],
])('a server that closes with %s after its answer', (_what, end) => {
  test.each([
    ['POST', '/', 1, 1],
    ['PATCH', '/', 1, 1],
    ['POST', '/', 2, 1],
    ['POST', '/', 3, 1],
    ['POST', '/redirect', 1, 2],
    ['POST', '/redirect', 2, 2],
    ['GET', '/', 1, 1],
    ['HEAD', '/', 1, 1],
    ['PUT', '/redirect', 1, 2],
  ])('%s %s, each %i answers', async (method, path, every, hops) => {
    await using server = await closing(every, end);
    for (let count = 0; count < COUNT; count++) {
      const body = method === 'GET' || method === 'HEAD' ? undefined : 'x';
      expect(await (await sent(server.url(path), method, body)).status).toBe(200);
    }
    // None failed, and none reached the server twice.
    expect(server.heads).toHaveLength(COUNT * hops);
  });
});

test.each([
  ['an end', fin],
  ['a reset', reset],
])('a server that closes with %s after its second answer: each GET is answered', async (_what, end) => {
  await using server = await closing(2, end);
  for (let count = 0; count < COUNT; count++) {
    expect(await (await sent(server.url('/'), 'GET')).responseText).toBe('ok');
  }
});

test.each([
  ['an end', fin],
  ['a reset', reset],
])(
  'a server that closes with %s after a challenge on a proven connection: none reaches it twice',
  async (_what, end) => {
    await using server = await RawServer.start((socket, head, count) => {
      if (head.includes('Authorization: Basic') || count <= 2) socket.write(OK);
      else end(socket, 'HTTP/1.1 401 Who\r\nWWW-Authenticate: Basic realm="r"\r\nContent-Length: 0\r\n\r\n');
    });
    const options = { backend: 'portable' as const, credentials: { ...USER, target: CredentialTarget.FOR_SERVER } };
    for (let count = 0; count < 3; count++) {
      expect((await WinHttpRequest.request(server.url(), options)).status).toBe(200);
    }
    // Two are answered, the third is challenged and answered by another connection.
    expect([server.heads.length, server.connections]).toEqual([4, 2]);
  },
);

test.each(['POST', 'GET'])('a TLS server that sends close_notify after its answer: %s', async (method) => {
  await using server = await closing(1, fin, certificates.selfSigned());
  for (let count = 0; count < COUNT; count++) {
    const options = { SslErrorIgnoreFlags: SslErrorFlag.Ignore_All };
    const init = method === 'POST' ? { method, body: 'x' } : { method };
    const response = await WinHttpRequest.request(server.url(), { backend: 'portable', options, ...init });
    expect(response.status).toBe(200);
  }
  expect(server.heads).toHaveLength(COUNT);
});

test('concurrent requests to a server that closes after its answer', async () => {
  await using server = await closing(1, fin);
  for (let round = 0; round < 3; round++) {
    const requests = await Promise.all(Array.from({ length: 10 }, () => sent(server.url(), 'POST', 'x')));
    for (const request of requests) expect(await request.status).toBe(200);
  }
  expect(server.heads).toHaveLength(30);
});

test('a server that announces its time-out gets no request in its last second', async () => {
  await using server = await RawServer.answering(OK.replace('\r\n', '\r\nKeep-Alive: timeout=1, max=5\r\n'));
  await sent(server.url());
  await sent(server.url());
  expect(server.connections).toBe(2);
});

test('an idle connection with unrequested bytes is not reused', async () => {
  await using server = await RawServer.start((socket, _head, count) => {
    socket.write(OK, () => {
      if (count === 1) socket.write('HTTP/1.1 408 Too late\r\nContent-Length: 0\r\n\r\n');
    });
  });
  await sent(server.url());
  expect(await (await sent(server.url())).status).toBe(200);
  expect(server.connections).toBe(2);
});

/**
 * Challenges before it has read the body, and then stops reading that connection. Counts the bytes of answered ones.
 */
async function notReading(challenge: string): Promise<{ server: RawServer; bodies: number[] }> {
  const bodies: number[] = [];
  const server = await RawServer.start((socket, head) => {
    if (!/Authorization: Basic/.test(head)) {
      socket.write(challenge);
      socket.pause();
      return;
    }
    const length = Number(/Content-Length: (\d+)/.exec(head)?.[1]);
    // The first chunk contains bytes of the body: the test counts from there.
    const before = socket.bytesRead;
    socket.on('data', () => {
      if (socket.bytesRead < head.length + length) return;
      bodies.push(socket.bytesRead - head.length);
      socket.end(OK);
    });
    if (before >= head.length + length) {
      bodies.push(before - head.length);
      socket.end(OK);
    }
  });
  return { server, bodies };
}

describe.each([
  ['a proxy', 'HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic realm="r"\r\nContent-Length: 0\r\n\r\n'],
  ['a server', 'HTTP/1.1 401 Who\r\nWWW-Authenticate: Basic realm="r"\r\nContent-Length: 3\r\n\r\nwho'],
])('%s that challenges before the body and reads no more', (who, challenge) => {
  test.each([20_000, 65_536, 65_537, 200_000, 8_000_000])('a body of %i bytes uses a new connection', async (size) => {
    const { server, bodies } = await notReading(challenge);
    await using _ = server;
    const isProxy = who === 'a proxy';
    const response = await WinHttpRequest.request(isProxy ? 'http://a.test/' : server.url(), {
      backend: 'portable',
      method: 'POST',
      body: Buffer.alloc(size),
      ...(isProxy ? { proxy: { server: `127.0.0.1:${server.port}` } } : {}),
      credentials: { ...USER, target: isProxy ? CredentialTarget.FOR_PROXY : CredentialTarget.FOR_SERVER },
    });
    expect(response.status).toBe(200);
    expect(bodies).toEqual([size]);
    expect(server.connections).toBe(2);
  });
});

/** Answers each request, and closes its connections while this thread is blocked. */
const BLOCKING_SERVER = `
  const { parentPort, workerData: { flag, isReset } } = require('node:worker_threads');
  const sockets = [];
  const server = require('node:net').createServer((socket) => {
    sockets.push(socket.on('error', () => {}).on('data', () => socket.write(${JSON.stringify(OK)})));
  });
  server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
  parentPort.on('message', () => {
    for (const socket of sockets.splice(0)) {
      // The system has the end of the last connection when this thread continues.
      socket.once('close', () => Atomics.notify(flag, 0, Atomics.store(flag, 0, 1)));
      if (isReset) socket.resetAndDestroy();
      else socket.destroy();
    }
  });`;

class BlockingServer implements AsyncDisposable {
  readonly port: number;
  readonly #worker: Worker;
  readonly #flag: Int32Array;

  private constructor(worker: Worker, flag: Int32Array, port: number) {
    this.#worker = worker;
    this.#flag = flag;
    this.port = port;
  }

  static async start(isReset: boolean): Promise<BlockingServer> {
    const flag = new Int32Array(new SharedArrayBuffer(4));
    const worker = new Worker(BLOCKING_SERVER, { eval: true, workerData: { flag, isReset } });
    const [port] = (await once(worker, 'message')) as [number];
    return new BlockingServer(worker, flag, port);
  }

  /** Closes the server's connections while this thread is blocked, so it cannot notice. */
  closeConnections(): void {
    Atomics.store(this.#flag, 0, 0);
    this.#worker.postMessage('close');
    expect(Atomics.wait(this.#flag, 0, 0, 20_000)).not.toBe('timed-out');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate();
  }
}

test.each([
  ['an end', false],
  ['a reset', true],
])('%s in the kernel makes a connection unusable', async (_what, isReset) => {
  await using server = await BlockingServer.start(isReset);
  const url = `http://127.0.0.1:${server.port}/`;
  await sent(url, 'POST', 'x');
  server.closeConnections();
  expect(await (await sent(url, 'POST', 'x')).responseText).toBe('ok');
});

test('a request that was never written is reported as such', async () => {
  await using server = await BlockingServer.start(true);
  const socket = connect(server.port, '127.0.0.1');
  await once(socket, 'connect');
  const times = { address: '', lookup: undefined, connect: 0, tls: undefined };
  const connection = new Connection('key', socket, times, { host: '127.0.0.1', port: server.port, secure: false });
  const exchangeOnce = () =>
    new Promise<SendProgress | 'done'>((resolve) => {
      const timeouts = { resolve: 0, connect: 0, send: 0, receive: 0 };
      const request = { head: 'POST / HTTP/1.1\r\n\r\n', isHead: false, body: undefined, closes: false };
      const listener = { onHead() {}, onData: () => true, onSent() {}, onEnd: () => resolve('done') };
      const onFail = (_error: unknown, reach: SendProgress) => resolve(reach);
      new Exchange(connection, { ...request, timeouts, maxHeaderSize: 1000 }, { ...listener, onFail }).start();
    });
  expect(await exchangeOnce()).toBe('done');
  server.closeConnections();
  expect(await exchangeOnce()).toBe('unsent');
});
