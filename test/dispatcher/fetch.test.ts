import { once } from 'node:events';
import { createSecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it, onTestFinished, vi } from 'vitest';
import { fetch } from '../../lib/dispatcher/fetch.ts';
import { ProxyDispatcher } from '../../lib/dispatcher/proxy-dispatcher.ts';
import { unknownIssuer } from '../helpers/certificates.ts';
import { ForwardProxy } from '../helpers/forward-proxy.ts';
import { HttpServer, headerOf } from '../helpers/http-server.ts';

afterEach(() => vi.unstubAllGlobals());

async function start(): Promise<{ server: HttpServer; dispatcher: ProxyDispatcher }> {
  const server = await HttpServer.start();
  const dispatcher = new ProxyDispatcher({ proxy: 'direct' });
  onTestFinished(async () => {
    await dispatcher.destroy();
    await server[Symbol.asyncDispose]();
  });
  return { server, dispatcher };
}

it('goes to the proxy that the environment names, with a form of the global FormData', async () => {
  const { server } = await start();
  const proxy = await ForwardProxy.start();
  onTestFinished(() => proxy[Symbol.asyncDispose]());
  vi.stubEnv('http_proxy', `http://${proxy.place}`);
  vi.stubEnv('no_proxy', '');
  onTestFinished(() => void vi.unstubAllEnvs());
  const body = new FormData();
  body.set('name', 'value');
  const url = server.url('/echo').replace('127.0.0.1', 'server.example');
  const response = await fetch(url, { method: 'POST', body });
  expect(response).toBeInstanceOf(Response);
  expect(await response.text()).toContain('name="name"');
  expect(proxy.requests).toEqual([`POST ${url}`]);
});

it.each(['proxy', 'proxyCredentials'])('rejects the option %s, which the global fetch ignores', async (name) => {
  const { server, dispatcher } = await start();
  const secret = 'http://user:secret@proxy.example:8080';
  const error = await fetch(server.url('/hello'), { [name]: secret }).catch((reason: TypeError) => reason);
  expect(error).toMatchObject({
    name: 'TypeError',
    code: 'ERR_INVALID_ARG_VALUE',
    message: `fetch has no option "${name}". Pass { dispatcher: new ProxyDispatcher({ ${name}: … }) }.`,
  });
  expect(server.requests).toEqual([]);
  expect((await fetch(server.url('/hello'), { [name]: undefined, dispatcher } as RequestInit)).status).toBe(200);
  expect((await fetch(server.url('/hello'), { [name]: secret, dispatcher } as RequestInit)).status).toBe(200);
});

it('uses the dispatcher of its options', async () => {
  const { server, dispatcher } = await start();
  const dispatch = vi.spyOn(dispatcher, 'dispatch');
  const response = await fetch(server.url(), { dispatcher } as RequestInit);
  expect(await response.text()).toBe('hello');
  expect(dispatch).toHaveBeenCalledOnce();
});

it('takes a Request, also as its options', async () => {
  const { server } = await start();
  const request = new Request(server.url('/echo'), { method: 'POST', body: 'hello' });
  expect(await (await fetch(request)).text()).toBe('hello');
  const init = new Request(server.url(), { method: 'PUT', headers: { 'x-mine': '1' } });
  await (await fetch(server.url('/echo'), init)).text();
  expect(server.requests[1]?.method).toBe('PUT');
  expect(headerOf(server.requests[1] as never, 'x-mine')).toBe('1');
});

it('rejects as the global fetch does', async () => {
  await expect((fetch as () => Promise<Response>)()).rejects.toThrow(TypeError);
  await expect(fetch('http://localhost', 1 as never)).rejects.toThrow(TypeError);
  await expect(fetch('nonsense')).rejects.toThrow(TypeError);
  const { server } = await start();
  const url = server.url();
  await server[Symbol.asyncDispose]();
  await expect(fetch(url)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
});

it('works as the global fetch, and calls one that a program has set', async () => {
  const { server } = await start();
  vi.stubGlobal('fetch', fetch);
  expect(await (await globalThis.fetch(server.url())).text()).toBe('hello');
  vi.stubGlobal('fetch', async () => new Response('intercepted'));
  expect(await (await fetch(server.url())).text()).toBe('intercepted');
});

it('reads a body that is compressed, has trailers, or arrives slowly', async () => {
  const { server, dispatcher } = await start();
  const get = async (path: string) => (await fetch(server.url(path), { dispatcher } as RequestInit)).text();
  expect(await get('/gzip')).toBe('hello');
  expect(await get('/trailers')).toBe('chunk one, chunk two');
  expect(await get('/trickle?every=1&parts=20')).toBe('x'.repeat(20));
});

it('streams a body that is longer than what is kept for authentication', async () => {
  const { server } = await start();
  const dispatcher = new ProxyDispatcher({ proxy: 'direct', replayLimit: 10 } as never);
  onTestFinished(() => dispatcher.destroy());
  async function* body() {
    for (let count = 0; count < 100; count++) yield Buffer.alloc(1000, 'x');
  }
  const init = { method: 'POST', body: body(), duplex: 'half', dispatcher };
  const response = await fetch(server.url('/echo'), init as unknown as RequestInit);
  expect((await response.text()).length).toBe(100_000);
  expect(server.requests).toHaveLength(1);
});

it('aborts', async () => {
  const { server, dispatcher } = await start();
  const abort = new AbortController();
  const response = fetch(server.url('/never'), { dispatcher, signal: abort.signal } as RequestInit);
  await server.arrived();
  abort.abort();
  await expect(response).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
  await server.allClosed();
});

it('speaks HTTP/2 where it is allowed to, with one connection for requests at once', async () => {
  const server = createSecureServer({ ...unknownIssuer(), allowHTTP1: true }, (request, response) => {
    response.end(request.httpVersion);
  });
  let connections = 0;
  server.on('secureConnection', () => connections++);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const tls = { rejectUnauthorized: false };
  const [h1, h2] = [
    new ProxyDispatcher({ proxy: 'direct', tls }),
    new ProxyDispatcher({ proxy: 'direct', tls, allowH2: true }),
  ];
  onTestFinished(async () => {
    await Promise.all([h1.destroy(), h2.destroy()]);
    await new Promise((resolve) => server.close(resolve));
  });
  const get = async (dispatcher: ProxyDispatcher) =>
    (await fetch(`https://localhost:${port}/`, { dispatcher } as RequestInit)).text();
  expect(await get(h1)).toBe('1.1');
  expect(await Promise.all(Array.from({ length: 50 }, () => get(h2)))).toEqual(Array(50).fill('2.0'));
  expect(connections).toBe(2);
});
