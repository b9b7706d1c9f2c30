// Requests that are sent again with credentials: to servers that check them, and through a proxy that does.
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import type { ProxyDispatcherOptions } from '../../lib/dispatcher/dispatcher-options.ts';
import { ProxyDispatcher } from '../../lib/dispatcher/proxy-dispatcher.ts';
import { ForwardProxy } from '../helpers/forward-proxy.ts';
import { type RawAnswer, RawServer } from '../helpers/http-raw-server.ts';
import { HttpServer, headerOf, USER } from '../helpers/http-server.ts';

const CREDENTIALS = { username: USER.userName, password: USER.password };

async function start(options: (server: HttpServer) => ProxyDispatcherOptions) {
  const server = await HttpServer.start();
  const dispatcher = new ProxyDispatcher(options(server));
  onTestFinished(async () => {
    await dispatcher.destroy();
    await server[Symbol.asyncDispose]();
  });
  const { origin } = new URL(server.url());
  const send = async (path: string, init: object = {}) => {
    const { statusCode, body } = await dispatcher.request({ origin, path, method: 'GET', ...init });
    return `${statusCode} ${await body.text()}`;
  };
  return { server, send };
}

const forServer = ({ port }: { readonly port: number }): ProxyDispatcherOptions => ({
  proxy: 'direct',
  schemes: ['Digest', 'Basic'],
  credentials: { [`http://127.0.0.1:${port}`]: CREDENTIALS },
});

async function* parts(count: number) {
  for (let index = 0; index < count; index++) yield Buffer.from('0123456789');
}

it.each(['/basic', '/digest', '/digest?algorithm=SHA-256'])(
  'answers the challenge of %s on the same connection',
  async (path) => {
    const { server, send } = await start(forServer);
    expect(await send(path)).toBe('200 welcome');
    expect(server.requests).toHaveLength(2);
    expect(server.connections).toBe(1);
  },
);

it('sends a streamed body again', async () => {
  const { server, send } = await start(forServer);
  expect(await send('/digest', { method: 'POST', body: parts(10) })).toBe('200 welcome');
  expect(server.requests.map(({ body }) => body.length)).toEqual([100, 100]);
});

it('fails with ERR_WINWIRE_BODY_NOT_REPLAYABLE for a body that was not kept, and sends it once', async () => {
  const { server, send } = await start((given) => ({ ...forServer(given), replayLimit: 50 }));
  const sent = send('/digest', { method: 'POST', body: parts(10) });
  await expect(sent).rejects.toMatchObject({
    code: 'ERR_WINWIRE_BODY_NOT_REPLAYABLE',
    message: expect.stringContaining('replayLimit'),
  });
  expect(server.requests).toHaveLength(1);
  await server.allClosed();
});

it('streams a body of any length to a server that does not ask', async () => {
  const { server, send } = await start((given) => ({ ...forServer(given), replayLimit: 50 }));
  expect(await send('/echo', { method: 'POST', body: parts(10) })).toBe(`200 ${'0123456789'.repeat(10)}`);
  expect(server.requests).toHaveLength(1);
});

it('sends the answer with the first request after a success', async () => {
  const { server, send } = await start(forServer);
  for (let count = 0; count < 3; count++) expect(await send('/basic')).toBe('200 welcome');
  expect(server.requests).toHaveLength(4);
});

it('gives the response of a server outside of the map to the caller, without credentials', async () => {
  const { server, send } = await start(() => ({
    proxy: 'direct',
    credentials: { 'http://other.example': CREDENTIALS },
  }));
  expect(await send('/basic')).toBe('401 who are you?');
  expect(server.requests.map((seen) => headerOf(seen, 'authorization'))).toEqual([undefined]);
});

it('leaves a server to the credentials of the caller’s headers', async () => {
  const { server, send } = await start(forServer);
  expect(await send('/basic', { headers: { authorization: 'Bearer mine' } })).toBe('401 who are you?');
  expect(server.requests.map((seen) => headerOf(seen, 'authorization'))).toEqual(['Bearer mine']);
});

it('answers the challenge of a proxy in absolute form', async () => {
  const expected = `Basic ${Buffer.from('joe:secret').toString('base64')}`;
  const proxy = await ForwardProxy.start(({ headers }) =>
    headers['proxy-authorization'] === expected
      ? undefined
      : { status: 407, headers: { 'Proxy-Authenticate': 'Basic realm="x"' } },
  );
  onTestFinished(() => proxy[Symbol.asyncDispose]());
  const { send, server } = await start(() => ({
    proxy: proxy.option(),
    schemes: ['Basic'],
    proxyCredentials: { username: 'joe', password: 'secret' },
  }));
  expect(await send('/')).toBe('200 hello');
  expect(proxy.credentials).toEqual([undefined, expected]);
  expect(await send('/echo', { method: 'POST', body: parts(3) })).toBe('200 012345678901234567890123456789');
  expect(server.requests).toHaveLength(2);
  expect(proxy.connections).toBe(1);
});

it('calls a function for credentials with the challenge', async () => {
  const asked: object[] = [];
  const { send } = await start(() => ({
    proxy: 'direct',
    schemes: ['Basic'],
    credentials: (challenge) => {
      asked.push(challenge);
      return CREDENTIALS;
    },
  }));
  expect(await send('/basic')).toBe('200 welcome');
  expect(asked).toMatchObject([{ target: 'server', schemes: ['Basic'], realm: 'test' }]);
});

it('keeps requests of 50 callers at once apart from one another’s answers', async () => {
  const { send } = await start(forServer);
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, i) => send(i % 2 ? '/basic' : '/digest', { method: 'POST', body: parts(i) })),
  );
  expect(new Set(answers)).toEqual(new Set(['200 welcome']));
});

/** Sends requests to a server of raw bytes that the map of credentials names. */
async function startRaw(answer: RawAnswer) {
  const server = await RawServer.start(answer);
  const dispatcher = new ProxyDispatcher(forServer(server));
  onTestFinished(async () => {
    await dispatcher.destroy();
    await server[Symbol.asyncDispose]();
  });
  const send = async (method: string) => {
    const options = { origin: server.url(), path: '/', method, ...(method === 'POST' && { body: 'abc' }) };
    const { statusCode, body } = await dispatcher.request(options as never);
    return `${statusCode} ${await body.text()}`;
  };
  return { server, send };
}

const ASKS = 'HTTP/1.1 401 Who\r\nWWW-Authenticate: Basic realm="x"\r\n';
const WELCOME = 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi';
const isAuthorized = (head: string) => /^authorization:/im.test(head);

it.each([
  ['closes the connection in the body of its refusal', 'Content-Length: 100\r\n\r\nwho'],
  ['has a refusal that ends with the connection', '\r\nwho'],
  ['says that it closes the connection', 'Connection: close\r\nContent-Length: 3\r\n\r\nwho'],
])('answers a server that %s on a new connection', async (_title, refusal) => {
  const { server, send } = await startRaw((socket, head) => {
    socket.end(isAuthorized(head) ? WELCOME : `${ASKS}${refusal}`);
  });
  expect(await send('GET')).toBe('200 hi');
  expect(server.connections).toBe(2);
});

it.each([
  ['GET', 2],
  ['POST', 1],
])(
  'sends %s with credentials %i times to a server that closes the connection without an answer',
  async (method, count) => {
    let isClosing = false;
    const { server, send } = await startRaw((socket, head) => {
      if (isClosing) socket.destroy();
      else socket.end(isAuthorized(head) ? WELCOME : `${ASKS}Connection: close\r\nContent-Length: 0\r\n\r\n`);
    });
    expect(await send('GET')).toBe('200 hi');
    isClosing = true;
    const before = server.heads.length;
    await expect(send(method)).rejects.toThrow();
    expect(server.heads.length - before).toBe(count);
  },
);

it.each(['end', 'resetAndDestroy'] as const)(
  'answers on a new connection if a server leaves by %s while the credentials are chosen',
  async (leave) => {
    let onLeft = () => {};
    const left = new Promise<void>((resolve) => {
      onLeft = resolve;
    });
    const server = await RawServer.start((socket, head) => {
      if (isAuthorized(head)) return void socket.end(WELCOME);
      socket.write(`${ASKS}Connection: close\r\nContent-Length: 100\r\n\r\nwho`, () => {
        socket[leave]();
        onLeft();
      });
    });
    const credentials = async () => {
      await left;
      // The event loop has to see the end.
      for (let turn = 0; turn < 5; turn++) await setImmediate();
      return CREDENTIALS;
    };
    const dispatcher = new ProxyDispatcher({ proxy: 'direct', schemes: ['Basic'], credentials });
    onTestFinished(async () => {
      await dispatcher.destroy();
      await server[Symbol.asyncDispose]();
    });
    const { statusCode } = await dispatcher.request({ origin: server.url(), path: '/', method: 'GET' });
    expect(statusCode).toBe(200);
    expect(server.connections).toBe(2);
  },
);

it('keeps a connection between two legs of a server that announces a short time', async () => {
  const { server, send } = await startRaw((socket, head) => {
    const answer = isAuthorized(head) ? 'HTTP/1.1 200 OK\r\n' : `${ASKS}Keep-Alive: timeout=1\r\n`;
    socket.write(`${answer}Content-Length: 2\r\n\r\nhi`);
  });
  expect(await send('GET')).toBe('200 hi');
  expect([server.heads.length, server.connections]).toEqual([2, 1]);
  // And after them.
  expect(await send('GET')).toBe('200 hi');
  expect([server.heads.length, server.connections]).toEqual([3, 1]);
});

it('does not keep a connection for the next request that the server is about to close', async () => {
  const { server, send } = await startRaw((socket) => {
    socket.write('HTTP/1.1 200 OK\r\nKeep-Alive: timeout=1\r\nContent-Length: 2\r\n\r\nhi');
  });
  for (let count = 0; count < 2; count++) expect(await send('GET')).toBe('200 hi');
  expect(server.connections).toBe(2);
});

/** A proxy that, as squid 5, reads nothing on a connection after it has refused a body there. */
async function startProxyThatStops() {
  const seen: string[] = [];
  const sockets = new Set<Socket>();
  const proxy = createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    let received = '';
    socket.on('data', (bytes) => {
      received += bytes.toString('latin1');
      const [head = '', body] = received.split('\r\n\r\n');
      const isKnown = /^proxy-authorization: basic /im.test(head);
      if (body === undefined || (isKnown && body.length < Number(/^content-length: (\d+)/im.exec(head)?.[1]))) return;
      seen.push(`${head.split(' ', 1)[0]} ${isKnown}`);
      if (isKnown) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
      else socket.write('HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic realm="x"\r\nContent-Length: 0\r\n\r\n');
      socket.pause();
    });
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  onTestFinished(() => {
    proxy.close();
    for (const socket of sockets) socket.destroy();
  });
  return { server: `127.0.0.1:${(proxy.address() as AddressInfo).port}`, seen };
}

it('continues on another connection after a proxy has refused a body', async () => {
  const { server, seen } = await startProxyThatStops();
  const dispatcher = new ProxyDispatcher({
    proxy: { proxy: server },
    proxyCredentials: CREDENTIALS,
    schemes: ['Basic'],
  });
  onTestFinished(() => dispatcher.destroy());
  const body = Buffer.alloc(200_000);
  const response = await dispatcher.request({ origin: 'http://server.test', path: '/', method: 'POST', body });
  expect(`${response.statusCode} ${await response.body.text()}`).toBe('200 ok');
  expect(seen).toEqual(['POST false', 'POST true']);
});
