import { once } from 'node:events';
import http, { type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import https from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { TLSSocket } from 'node:tls';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { ProxyAgentOptions } from '../../lib/agent/agent-options.ts';
import { ProxyAgent } from '../../lib/agent/proxy-agent.ts';
import type { ProxyResolution } from '../../lib/proxy/types.ts';
import { unknownIssuer } from '../helpers/certificates.ts';
import { ForwardProxy } from '../helpers/forward-proxy.ts';
import { RawServer } from '../helpers/http-raw-server.ts';
import { HttpServer } from '../helpers/http-server.ts';
import { startRaw } from '../helpers/raw-peer.ts';

function agentWith(options: ProxyAgentOptions = { proxy: 'direct' }): ProxyAgent {
  const agent = new ProxyAgent(options);
  onTestFinished(() => agent.destroy());
  return agent;
}

async function startServer(secure?: Parameters<typeof HttpServer.start>[0]): Promise<HttpServer> {
  const server = await HttpServer.start(secure);
  onTestFinished(() => server[Symbol.asyncDispose]());
  return server;
}

async function startProxy(...parameters: Parameters<typeof ForwardProxy.start>): Promise<ForwardProxy> {
  const proxy = await ForwardProxy.start(...parameters);
  onTestFinished(() => proxy[Symbol.asyncDispose]());
  return proxy;
}

interface Answer {
  readonly request: ClientRequest;
  readonly response: IncomingMessage;
  readonly text: string;
}

async function send(url: string, options: RequestOptions | https.RequestOptions, body = ''): Promise<Answer> {
  const request = (url.startsWith('https:') ? https : http).request(url, options);
  request.end(body);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return { request, response, text: await text(response) };
}

describe('a request that ends while its route is looked for', () => {
  const ends: Readonly<Record<string, (request: ClientRequest, controller: AbortController) => void>> = {
    'destroy()': (request) => void request.destroy(),
    'destroy(error)': (request) => void request.destroy(new Error('mine')),
    'abort()': (request) => request.abort(),
    'its signal': (_request, controller) => controller.abort(),
  };

  it.each([
    ['destroy()', { code: 'ECONNRESET' }],
    ['destroy(error)', { message: 'mine' }],
    // As without a socket in general.
    ['abort()', undefined],
    ['its signal', { name: 'AbortError' }],
  ])('by %s: it closes, and is not sent later', async (end, expected) => {
    const server = await startServer();
    let onAsked = () => {};
    const asked = new Promise<void>((resolve) => (onAsked = resolve));
    let answer = (_resolution: ProxyResolution) => {};
    const proxy = () => {
      onAsked();
      return new Promise<ProxyResolution>((resolve) => (answer = resolve));
    };
    const controller = new AbortController();
    const options = { agent: agentWith({ proxy }), signal: controller.signal };
    const request = http.get(server.url('/'), options);
    let failure: Error | undefined;
    request.on('error', (error) => (failure = error));
    const closed = new Promise<void>((resolve) => request.on('close', resolve));
    await asked;
    (ends[end] as (typeof ends)[string])(request, controller);
    await closed;
    if (expected) expect(failure).toMatchObject(expected);
    else expect(failure).toBeUndefined();
    answer({ routes: [{ kind: 'direct' }], source: 'none', by: 'none', warnings: [] });
    expect((await send(server.url('/'), { agent: agentWith() })).text).toBe('hello');
    expect(server.requests).toHaveLength(1);
  });
});

describe('the routes of requests', () => {
  it('go to an http: proxy in absolute form, each of a connection', async () => {
    const [server, proxy] = [await startServer(), await startProxy()];
    const agent = agentWith({ proxy: proxy.option(), maxSockets: 1 });
    const bodies = ['one', 'two', 'three'];
    const answers = await Promise.all(
      bodies.map((body) => send(server.url('/echo?a=1'), { agent, method: 'POST' }, body)),
    );
    expect(answers.map((answer) => answer.text)).toEqual(bodies);
    await send(server.url('/'), { agent });
    expect(proxy.requests).toEqual([...Array(3).fill(`POST ${server.url('/echo?a=1')}`), `GET ${server.url('/')}`]);
    expect(proxy.connections).toBe(1);
  });

  it('go to https: servers by a tunnel, with one class for both', async () => {
    const [server, plain, proxy] = [await startServer(unknownIssuer()), await startServer(), await startProxy()];
    const agent = agentWith({ proxy: proxy.option(), tls: { rejectUnauthorized: false } });
    expect((await send(server.url('/', 'localhost'), { agent })).text).toBe('hello');
    expect((await send(plain.url('/'), { agent })).text).toBe('hello');
    expect(proxy.requests).toEqual([`CONNECT localhost:${server.port}`, `GET ${plain.url('/')}`]);
  });

  it('of https: without a port have 443', async () => {
    const refused = await startProxy(() => ({ status: 403 }));
    const agent = agentWith({ proxy: refused.option() });
    await expect(send('https://server.example/', { agent })).rejects.toMatchObject({
      code: 'ERR_WINWIRE_PROXY_REFUSED',
      status: 403,
    });
    await expect(send('https://server.example:8443/', { agent })).rejects.toThrow('server.example:8443');
    expect(refused.requests).toEqual(['CONNECT server.example:443', 'CONNECT server.example:8443']);
  });

  it('of https: have 443 without stack traces too', async () => {
    const { stackTraceLimit } = Error;
    onTestFinished(() => {
      Error.stackTraceLimit = stackTraceLimit;
    });
    Error.stackTraceLimit = 0;
    const refused = await startProxy(() => ({ status: 403 }));
    await expect(send('https://server.example/', { agent: agentWith({ proxy: refused.option() }) })).rejects.toThrow();
    expect(refused.requests).toEqual(['CONNECT server.example:443']);
  });

  it('go to a socket of this machine directly', async () => {
    const path =
      process.platform === 'win32' ? '\\\\?\\pipe\\winwire-agent' : join(tmpdir(), `winwire-agent-${process.pid}`);
    const server = http.createServer((_request, response) => response.end('local')).listen(path);
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const agent = agentWith({ proxy: { proxy: '127.0.0.1:1', bypass: ['<-loopback>'] }, keepAlive: false });
    expect((await send('http://any/', { agent, socketPath: path })).text).toBe('local');
  });

  it('are not changed by NODE_USE_ENV_PROXY', async () => {
    vi.stubEnv('NODE_USE_ENV_PROXY', '1');
    vi.stubEnv('HTTP_PROXY', 'http://127.0.0.1:1');
    onTestFinished(() => void vi.unstubAllEnvs());
    const server = await startServer();
    expect((await send(server.url(), { agent: agentWith() })).text).toBe('hello');
  });
});

describe('authentication', () => {
  const ask = (scheme: string, expected: string) => (message: IncomingMessage) =>
    message.headers['proxy-authorization'] === expected
      ? undefined
      : { status: 407, headers: { 'Proxy-Authenticate': `${scheme} realm="x"` } };
  const basic = `Basic ${Buffer.from('joe:secret').toString('base64')}`;

  /** A proxy with status and fields for clients that it knows, or does not; it may close the connection of those that it knows. */
  async function startRefusing(answer: (isKnown: boolean) => string, closes = false): Promise<RawServer> {
    const proxy = await RawServer.start((socket, head) => {
      const isKnown = head.includes(basic);
      const bytes = `HTTP/1.1 ${answer(isKnown)}\r\nContent-Length: 2\r\n\r\nok`;
      if (isKnown && closes) socket.end(bytes);
      else socket.write(bytes);
    });
    onTestFinished(() => proxy[Symbol.asyncDispose]());
    return proxy;
  }

  it('is done before a request goes to the proxy in absolute form', async () => {
    const [server, proxy] = [await startServer(), await startProxy(ask('Basic', basic))];
    const agent = agentWith({
      proxy: proxy.option(),
      schemes: ['Basic'],
      proxyCredentials: { username: 'joe', password: 'secret' },
    });
    const answer = await send(server.url('/echo'), { agent, method: 'POST' }, 'hello');
    expect(answer.text).toBe('hello');
    expect(proxy.requests.filter((line) => line.startsWith('POST'))).toHaveLength(1);
    expect(proxy.credentials.at(-1)).toBe(basic);
    expect((await send(server.url('/'), { agent })).text).toBe('hello');
  });

  it('is done for the proxy alone: the 401 of a server is the response', async () => {
    const proxy = await startRefusing((isKnown) =>
      isKnown ? '401 Who\r\nWWW-Authenticate: Basic realm="y"' : '407 Who\r\nProxy-Authenticate: Basic realm="x"',
    );
    const agent = agentWith({
      proxy: { proxy: `http://joe:secret@127.0.0.1:${proxy.port}` },
      credentials: { 'http://server.test': { username: 'a', password: 'b' } },
      schemes: ['Basic'],
    });
    expect((await send('http://server.test/', { agent })).response.statusCode).toBe(401);
    expect(proxy.heads.map((head) => head.split(' ', 1)[0])).toEqual(['OPTIONS', 'OPTIONS', 'GET']);
  });

  it('goes on another connection where the proxy closes the first one after its answer, without a word', async () => {
    const proxy = await startRefusing(
      (isKnown) => (isKnown ? '200 OK' : '407 Who\r\nProxy-Authenticate: Basic realm="x"'),
      true,
    );
    const option = { proxy: `http://joe:secret@127.0.0.1:${proxy.port}` };
    const answer = await send('http://server.test/', { agent: agentWith({ proxy: option }), method: 'POST' }, 'hello');
    expect(answer.text).toBe('ok');
    expect(proxy.heads.map((head) => head.split(' ', 1)[0])).toEqual(['OPTIONS', 'OPTIONS', 'POST']);
    expect(proxy.connections).toBe(2);
  });

  it('is done for a tunnel', async () => {
    const [server, proxy] = [await startServer(unknownIssuer()), await startProxy(ask('Basic', basic))];
    const agent = agentWith({ proxy: proxy.option('joe:secret'), tls: { rejectUnauthorized: false } });
    expect((await send(server.url('/', 'localhost'), { agent })).text).toBe('hello');
    expect(proxy.credentials.at(-1)).toBe(basic);
  });

  it('fails with a typed error for wrong credentials, and sends no request', async () => {
    const [server, proxy] = [await startServer(), await startProxy(ask('Basic', basic))];
    const agent = agentWith({
      proxy: proxy.option(),
      schemes: ['Basic'],
      proxyCredentials: { username: 'joe', password: 'wrong' },
    });
    await expect(send(server.url('/echo'), { agent, method: 'POST' }, 'x')).rejects.toMatchObject({
      code: 'ERR_WINWIRE_PROXY_AUTHENTICATION',
      status: 407,
    });
    expect(server.requests).toEqual([]);
  });
});

describe('the semantics of an agent of Node', () => {
  it('opens at most maxSockets connections for requests at once', async () => {
    const server = await startServer();
    const agent = agentWith({ proxy: 'direct', maxSockets: 1 });
    const answers = await Promise.all(Array.from({ length: 5 }, () => send(server.url(), { agent })));
    expect(answers.map((answer) => answer.text)).toEqual(Array(5).fill('hello'));
    expect(server.connections).toBe(1);
  });

  it('takes `connections` as maxSockets', async () => {
    const server = await startServer();
    const agent = agentWith({ proxy: 'direct', connections: 2 });
    await Promise.all(Array.from({ length: 6 }, () => send(server.url(), { agent })));
    expect(server.connections).toBe(2);
  });

  it('keeps connections, and tells so by reusedSocket', async () => {
    const server = await startServer();
    const agent = agentWith();
    const first = await send(server.url(), { agent });
    const second = await send(server.url(), { agent });
    expect([first.request.reusedSocket, second.request.reusedSocket]).toEqual([false, true]);
    expect(Object.values(agent.freeSockets).flat()).toHaveLength(1);
    agent.destroy();
    await server.allClosed();
  });

  it('does not keep them without keepAlive', async () => {
    const server = await startServer();
    const agent = agentWith({ proxy: 'direct', keepAlive: false });
    for (let count = 0; count < 2; count++) await send(server.url(), { agent });
    expect(server.connections).toBe(2);
    await server.allClosed();
  });

  it('does not use a connection of other TLS options', async () => {
    const server = await startServer(unknownIssuer());
    const agent = agentWith();
    const url = server.url('/', 'localhost');
    expect((await send(url, { agent, rejectUnauthorized: false })).text).toBe('hello');
    await expect(send(url, { agent })).rejects.toThrow(/certificate/);
  });

  it('does not use a connection of another route', async () => {
    const [server, first, second] = [await startServer(), await startProxy(), await startProxy()];
    let proxy = first;
    const routeOf = ({ place }: ForwardProxy) => ({
      kind: 'http',
      host: '127.0.0.1',
      port: Number(place.split(':')[1]),
    });
    const agent = agentWith({
      proxy: () => ({ routes: [routeOf(proxy)] }) as never,
      // What is asked for later may differ for each request, so nothing is kept.
      proxyCredentials: () => 'none',
    });
    await send(server.url('/'), { agent });
    proxy = second;
    await send(server.url('/'), { agent });
    expect([first, second].map(({ requests }) => requests.at(-1))).toEqual(Array(2).fill(`GET ${server.url('/')}`));
  });

  it('emits timeout for a silent server', async () => {
    const server = await startServer();
    const request = http.get(server.url('/never'), { agent: agentWith(), timeout: 20 });
    const hungUp = once(request, 'error');
    await once(request, 'timeout');
    request.destroy();
    await hungUp;
    await server.allClosed();
  });

  it('closes what waits for its connection when a request is destroyed', async () => {
    const proxy = await startRaw(() => undefined);
    onTestFinished(() => proxy[Symbol.asyncDispose]());
    const agent = agentWith({ proxy: { proxy: proxy.place, bypass: ['<-loopback>'] } });
    const request = https.get('https://server.example/', { agent });
    await proxy.received(1);
    request.destroy();
    const [error] = await once(request, 'error');
    expect(error).toMatchObject({ code: 'ECONNRESET' });
    await proxy.allClosed();
  });

  it('gives the errors of node:net', async () => {
    const unused = createServer().listen(0, '127.0.0.1');
    await once(unused, 'listening');
    const { port } = unused.address() as { port: number };
    await new Promise((resolve) => unused.close(resolve));
    await expect(send(`http://127.0.0.1:${port}/`, { agent: agentWith() })).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    });
  });

  it('gives a socket with what clients look at', async () => {
    const server = await startServer(unknownIssuer());
    const request = https.get(server.url('/', 'localhost'), { agent: agentWith(), rejectUnauthorized: false });
    const [socket] = (await once(request, 'socket')) as [TLSSocket];
    expect(socket.connecting).toBe(true);
    await once(socket, 'secureConnect');
    expect(socket).toMatchObject({
      connecting: false,
      encrypted: true,
      authorized: false,
      remoteAddress: '127.0.0.1',
      remotePort: server.port,
    });
    expect(socket.getPeerCertificate().subject).toBeTruthy();
    const [response] = await once(request, 'response');
    expect(await text(response)).toBe('hello');
    expect(socket.bytesRead).toBeGreaterThan(0);
  });

  it('upgrades', async () => {
    const server = await startRaw(() => 'HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\nfirst');
    onTestFinished(() => server[Symbol.asyncDispose]());
    const agent = agentWith();
    const request = http.get(`http://${server.place}/`, { agent, headers: { Connection: 'upgrade', Upgrade: 'echo' } });
    const [response, socket, head] = await once(request, 'upgrade');
    expect([response.statusCode, `${head}`]).toEqual([101, 'first']);
    socket.destroy();
    await server.allClosed();
  });

  it('passes a body with backpressure', async () => {
    const server = await startServer();
    const size = 8 * 1024 * 1024;
    const request = http.request(server.url('/echo'), { agent: agentWith(), method: 'POST' });
    const chunk = Buffer.alloc(64 * 1024, 'x');
    for (let sent = 0; sent < size; sent += chunk.length) if (!request.write(chunk)) await once(request, 'drain');
    request.end();
    const [response] = await once(request, 'response');
    let received = 0;
    for await (const part of response) received += part.length;
    expect(received).toBe(size);
  });
});

describe('what it refuses', () => {
  it('names ProxyDispatcher where undici calls it', () => {
    expect(() => agentWith().dispatch()).toThrow(/ProxyDispatcher/);
  });

  it.each([
    [{ proxyEnv: {} }, /proxyEnv/],
    [{ rejectUnauthorized: false }, /tls: \{ rejectUnauthorized/],
    [{ maxSocket: 1 }, /maxSockets/],
    [{ proxy: 1 }, /proxy/],
  ])('%j', (options, message) => {
    expect(() => new ProxyAgent(options as never)).toThrow(message);
  });
});
