import { once } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { ProxyDispatcher } from '../../lib/dispatcher/proxy-dispatcher.ts';
import { HttpServer } from '../helpers/http-server.ts';
import { startRaw } from '../helpers/raw-peer.ts';

async function start(): Promise<{ server: HttpServer; origin: string; dispatcher: ProxyDispatcher }> {
  const server = await HttpServer.start();
  const dispatcher = new ProxyDispatcher({ proxy: 'direct' });
  onTestFinished(async () => {
    await dispatcher.destroy();
    await server[Symbol.asyncDispose]();
  });
  return { server, origin: new URL(server.url()).origin, dispatcher };
}

it('pipeline joins a request and its response, with the first call of a process too', async () => {
  const { origin, dispatcher } = await start();
  for (let count = 0; count < 2; count++) {
    const duplex = dispatcher.pipeline({ origin, path: '/echo', method: 'POST' }, ({ body }) => body);
    duplex.end('hello');
    expect(await text(duplex)).toBe('hello');
  }
});

it('pipeline reports its error', async () => {
  const { dispatcher } = await start();
  const duplex = dispatcher.pipeline({ origin: 'http://127.0.0.1:1', path: '/', method: 'POST' }, ({ body }) => body);
  duplex.end('hello').resume();
  const [error] = await once(duplex, 'error');
  expect(error).toMatchObject({ code: 'ECONNREFUSED' });
});

it('request resolves with the response, or calls back', async () => {
  const { origin, dispatcher } = await start();
  const response = await dispatcher.request({
    origin,
    path: '/echo',
    method: 'POST',
    body: Readable.from(['hel', 'lo']),
    opaque: 1,
  });
  expect(response).toMatchObject({ statusCode: 200, opaque: 1 });
  expect(await response.body.text()).toBe('hello');
  const status = await new Promise((resolve) =>
    dispatcher.request({ origin, path: '/', method: 'GET' }, (_error, { statusCode, body }) => {
      void body.dump();
      resolve(statusCode);
    }),
  );
  expect(status).toBe(200);
});

it('request rejects when its signal aborts', async () => {
  const { origin, dispatcher } = await start();
  const abort = new AbortController();
  const response = dispatcher.request({ origin, path: '/never', method: 'GET', signal: abort.signal });
  abort.abort(new Error('enough'));
  await expect(response).rejects.toThrow('enough');
});

it('stream writes the body to the stream of its factory', async () => {
  const { origin, dispatcher } = await start();
  const target = new PassThrough();
  await dispatcher.stream({ origin, path: '/', method: 'GET' }, () => target);
  expect(await text(target)).toBe('hello');
});

it('upgrade and connect give the socket', async () => {
  const server = await startRaw((head) =>
    head.startsWith('CONNECT')
      ? 'HTTP/1.1 200 OK\r\n\r\n'
      : 'HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n',
  );
  onTestFinished(() => server[Symbol.asyncDispose]());
  const { dispatcher } = await start();
  const origin = `http://${server.place}`;
  const upgraded = await dispatcher.upgrade({ origin, path: '/', protocol: 'echo' });
  const connected = await dispatcher.connect({ origin, path: 'example.org:443' });
  expect(connected.statusCode).toBe(200);
  expect(server.heads[1]).toMatch(/^CONNECT example\.org:443 /);
  for (const { socket } of [upgraded, connected]) socket.destroy();
});
