// Connections through proxies: routes in their order, tunnels, refusals, limits.
import { once } from 'node:events';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createServer as createTls } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { WebSocket, WebSocketConnection, WebSocketServer } from '../../../lib/index.ts';
import { closedPort } from '../../../lib/parity/http-server.ts';
import type { ProxyOption } from '../../../lib/proxy/types.ts';
import * as certificates from '../../helpers/certificates.ts';
import { challenge, TunnelProxy } from '../../helpers/tunnel-proxy.ts';

async function echoServer(secure = false) {
  const web = secure ? createHttps(certificates.selfSigned()) : undefined;
  const server = new WebSocketServer(web ? { server: web } : { port: 0, host: '127.0.0.1' });
  server.on('connection', (peer) => peer.on('message', (message) => void peer.send(message).catch(() => {})));
  if (web) web.listen(0, '127.0.0.1');
  await once(web ?? server, 'listening');
  const { port } = (web ?? server).address() as AddressInfo;
  return {
    // The proxy resolves the name.
    url: `${secure ? 'wss' : 'ws'}://server.example:${port}/`,
    async [Symbol.asyncDispose]() {
      await server.close();
      web?.close();
    },
  };
}

const backend = 'portable';
const through = (place: string): ProxyOption => ({ proxy: place });
const script = (answer: string): ProxyOption => ({
  pac: `data:,${encodeURIComponent(`function FindProxyForURL(url, host) { return ${JSON.stringify(answer)} }`)}`,
});

async function echo(url: string, proxy: ProxyOption, options = {}): Promise<unknown> {
  await using connection = await WebSocketConnection.connect(url, { backend, proxy, ...options });
  await connection.send('hello');
  return connection.receive();
}

const failure = (attempt: Promise<unknown>): Promise<Record<string, unknown>> =>
  attempt.then(
    () => expect.fail('it was connected'),
    (error) => error,
  );

describe('a connection through a proxy', () => {
  it.each([false, true])('goes by CONNECT (TLS: %s)', async (secure) => {
    await using server = await echoServer(secure);
    await using proxy = await TunnelProxy.start();
    expect(await echo(server.url, through(proxy.place), { rejectUnauthorized: false })).toBe('hello');
    const place = new URL(server.url.replace(/^ws/, 'http')).host;
    expect(proxy.heads).toEqual([expect.stringContaining(`CONNECT ${place} HTTP/1.1\r\nHost: ${place}\r\n`)]);
    expect(proxy.heads[0]).not.toContain('Authorization');
  });

  it('judges the certificate of the server, not of the proxy', async () => {
    await using server = await echoServer(true);
    await using proxy = await TunnelProxy.start();
    const error = await failure(echo(server.url, through(proxy.place)));
    expect(error.code).toMatch(/SELF_SIGNED/);
    await expect.poll(() => proxy.openSockets).toBe(0);
  });

  it('gives Basic the user and password of the URL', async () => {
    await using server = await echoServer();
    await using proxy = await TunnelProxy.start((_head, count) =>
      count === 1 ? challenge('Basic realm="a"') : undefined,
    );
    await echo(server.url, through(`http://me:p%40ss@${proxy.place}`));
    expect(proxy.heads[1]).toContain(`Proxy-Authorization: Basic ${Buffer.from('me:p@ss').toString('base64')}\r\n`);
  });

  it('speaks TLS to a proxy of https:, whose certificate has to be trusted', async () => {
    await using server = await echoServer();
    await using proxy = await TunnelProxy.start(undefined, createTls(certificates.selfSigned()));
    const error = await failure(echo(server.url, through(`https://${proxy.place}`)));
    expect(error).toMatchObject({ code: 'ERR_WINWIRE_PROXY_CONNECT', message: expect.stringContaining(proxy.place) });
  });

  it('takes the next route where no proxy answers, and tries that one last for a while', async () => {
    await using server = await echoServer();
    await using silent = await TunnelProxy.start('');
    await using proxy = await TunnelProxy.start();
    const routes = script(`PROXY 127.0.0.1:${await closedPort()}; PROXY ${silent.place}; PROXY ${proxy.place}`);
    expect(await echo(server.url, routes)).toBe('hello');
    expect(await echo(server.url, routes)).toBe('hello');
    expect([silent.heads.length, proxy.heads.length]).toEqual([1, 2]);
  });

  it.each([
    ['403 Forbidden', 'ERR_WINWIRE_PROXY_REFUSED', 403],
    ['502 Bad Gateway', 'ERR_WINWIRE_PROXY_REFUSED', 502],
    ['407 Who\r\nProxy-Authenticate: Negotiate\r\nProxy-Authenticate: NTLM', 'ERR_WINWIRE_PROXY_AUTHENTICATION', 407],
  ])('ends with the answer %j, without another route', async (answer, code, status) => {
    await using refusing = await TunnelProxy.start(`HTTP/1.1 ${answer}\r\nContent-Length: 0\r\n\r\n`);
    await using other = await TunnelProxy.start();
    const error = await failure(
      echo('ws://server.example/', script(`PROXY ${refusing.place}; PROXY ${other.place}; DIRECT`)),
    );
    expect(error).toMatchObject({ name: 'ProxyConnectionError', code, status });
    if (status === 407) expect(error.message).toContain('Negotiate, NTLM');
    expect(other.heads).toEqual([]);
    await expect.poll(() => refusing.openSockets).toBe(0);
  });

  it.each([
    ['does not exist', 'PROXY no-such-proxy.invalid:1', 'ERR_WINWIRE_PROXY_CONNECT'],
    ['does not exist, as the other', 'PROXY no.invalid:1; PROXY none.invalid:1', 'ERR_WINWIRE_PROXY_CONNECT'],
  ])('fails where the proxy %s', async (_what, answer, code) => {
    expect(await failure(echo('ws://server.example/', script(answer)))).toMatchObject({ code });
  });

  it('fails where the answer is not HTTP', async () => {
    await using proxy = await TunnelProxy.start('hello\r\n\r\n');
    const error = await failure(echo('ws://server.example/', through(proxy.place)));
    expect(error).toMatchObject({
      code: 'ERR_WINWIRE_PROXY_CONNECT',
      message: expect.stringContaining('does not speak HTTP'),
    });
  });

  it('ends with its time limit and with its signal, and leaves no socket', async () => {
    await using proxy = await TunnelProxy.start('HTTP/1.1 200');
    const url = 'ws://server.example/';
    const late = echo(url, through(proxy.place), { limits: { handshakeTimeout: 50 } });
    expect(await failure(late)).toMatchObject({ code: 'ERR_WEBSOCKET_TIMEOUT' });
    const controller = new AbortController();
    const aborted = failure(echo(url, through(proxy.place), { signal: controller.signal }));
    await expect.poll(() => proxy.heads.length).toBe(2);
    controller.abort('enough');
    expect(await aborted).toMatchObject({ name: 'AbortError', cause: 'enough' });
    await expect.poll(() => proxy.openSockets).toBe(0);
  });

  it('asks a function for each URL, and goes direct where told to', async () => {
    await using server = await echoServer();
    const direct = server.url.replace('server.example', '127.0.0.1');
    const urls: string[] = [];
    const proxy: ProxyOption = (url) => {
      urls.push(url.href);
      return { routes: [{ kind: 'direct' }], source: 'option', by: 'static', warnings: [] };
    };
    expect(await echo(direct, proxy)).toBe('hello');
    expect(urls).toEqual([direct]);
    expect(await echo(direct, 'direct')).toBe('hello');
  });

  it.each([
    [{ proxy: 'nowhere' }, 'ERR_INVALID_ARG_VALUE'],
    [{ proxy: 5 }, 'ERR_INVALID_ARG_TYPE'],
    [{ proxy: { server: 'a:1' } }, 'ERR_INVALID_ARG_VALUE'],
    [{ proxy: 'direct', agent: false }, 'ERR_INVALID_ARG_VALUE'],
    [{ proxy: 'direct', createConnection: () => {} }, 'ERR_INVALID_ARG_VALUE'],
    [{ proxy: () => ({}) }, 'ERR_INVALID_ARG_TYPE'],
    [{ proxy: () => ({ routes: [] }) }, 'ERR_INVALID_ARG_VALUE'],
    [{ proxy: () => ({ routes: [{ kind: 'http', host: 'a b', port: 1 }] }) }, 'ERR_INVALID_ARG_VALUE'],
  ])('refuses %j', async (options, code) => {
    const attempt = WebSocketConnection.connect('ws://server.example/', { backend, ...options } as never);
    await expect(attempt).rejects.toMatchObject({ name: 'TypeError', code });
  });
});

describe('the WebSocket class', () => {
  it('takes a proxy', async () => {
    await using server = await echoServer();
    await using proxy = await TunnelProxy.start();
    const socket = new WebSocket(server.url, { backend, proxy: through(proxy.place) });
    await once(socket, 'open');
    socket.close();
    await once(socket, 'close');
    expect(proxy.heads).toHaveLength(1);
  });
});
