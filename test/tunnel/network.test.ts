// Connections of a door: by routes, from the pool, ended at any time.
import { once } from 'node:events';
import { createSecureServer } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { createServer as createTls, type TLSSocket } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { ResponseHead } from '../../lib/http1/response-head.ts';
import type { ProxyOption } from '../../lib/proxy/types.ts';
import { Network, type OpenOptions } from '../../lib/tunnel/network.ts';
import type { NetworkConnection } from '../../lib/tunnel/network-connection.ts';
import type { NetworkOptions } from '../../lib/tunnel/network-options.ts';
import * as certificates from '../helpers/certificates.ts';
import { RawServer } from '../helpers/http-raw-server.ts';
import { TunnelProxy } from '../helpers/tunnel-proxy.ts';
import { failureOf } from './failure-of.ts';
import { TestAcceptor, TestTokens } from './test-tokens.ts';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const networks: Network[] = [];
afterEach(() => {
  for (const network of networks.splice(0)) network.destroy();
});

function networkBy(proxy: ProxyOption, options: NetworkOptions = {}, tokens?: TestTokens): Network {
  const network = new Network({ backend: 'portable', ...options, proxy }, 'direct', tokens);
  networks.push(network);
  return network;
}

const requests: OpenOptions = { form: 'requests' };
const tunnel: OpenOptions = { form: 'tunnel' };

/** Sends a request and returns the answer, which has to end in "ok". */
async function ask({ socket }: NetworkConnection, target = '/'): Promise<string> {
  socket.write(`GET ${target} HTTP/1.1\r\nHost: server.example\r\n\r\n`);
  return readUntil(socket, 'ok');
}

async function readUntil(socket: Socket, end: string): Promise<string> {
  let text = '';
  while (!text.endsWith(end)) {
    const [chunk] = await once(socket, 'data');
    text += chunk;
  }
  socket.pause();
  return text;
}

describe('Network.open', () => {
  it.each([false, true])('tunnels to a server (TLS: %s)', async (isSecure) => {
    await using server = await RawServer.answering(OK);
    await using secure = await RawServer.start((socket) => socket.write(OK), certificates.selfSigned());
    await using proxy = await TunnelProxy.start();
    const network = networkBy({ proxy: proxy.place }, { tls: { rejectUnauthorized: false } });
    const port = isSecure ? secure.port : server.port;
    const connection = await network.open(new URL(`${isSecure ? 'https' : 'ws'}://server.example:${port}/`), tunnel);
    expect(connection).toMatchObject({ isAbsolute: false, protocol: 'http/1.1', route: { kind: 'http' } });
    expect(await ask(connection)).toBe(OK);
    expect(proxy.heads).toEqual([expect.stringContaining(`CONNECT server.example:${port} HTTP/1.1\r\n`)]);
  });

  it('gives http: requests a connection to the proxy, and TLS to one of https:', async () => {
    await using proxy = await RawServer.start((socket) => socket.write(OK), certificates.selfSigned());
    const network = networkBy(
      { proxy: `https://127.0.0.1:${proxy.port}` },
      { proxyTls: { rejectUnauthorized: false } },
    );
    const connection = await network.open(new URL('http://server.example/'), requests);
    expect(connection).toMatchObject({ isAbsolute: true, route: { kind: 'https' } });
    expect(await ask(connection, 'http://server.example/')).toBe(OK);
  });

  it('gives a released connection to the next request of the same kind only', async () => {
    await using server = await RawServer.answering(OK);
    await using proxy = await TunnelProxy.start();
    const network = networkBy({ proxy: proxy.place });
    const url = new URL(`ws://server.example:${server.port}/`);
    const first = await network.open(url, tunnel);
    await ask(first);
    first.release();
    first.release();
    const second = await network.open(url, tunnel);
    expect(second).toMatchObject({ isReused: true, socket: first.socket });
    const other = await network.open(url, { ...tunnel, tcp: { localAddress: '127.0.0.1' } });
    expect(other.isReused).toBe(false);
    second.release();
    expect((await network.open(url, { ...tunnel, isNew: true })).isReused).toBe(false);
    expect(await ask(await network.open(url, tunnel))).toBe(OK);
    expect(proxy.heads).toHaveLength(3);
  });

  it('drops an idle connection that the server closes, or sends bytes on', async () => {
    const sockets: Socket[] = [];
    await using server = await RawServer.start((socket) => {
      sockets.push(socket);
      socket.write(OK);
    });
    const network = networkBy('direct');
    const url = new URL(server.url());
    for (const end of [(socket: Socket) => socket.end(), (socket: Socket) => socket.write('more')]) {
      const connection = await network.open(url, requests);
      await ask(connection);
      connection.release();
      end(sockets.pop() as Socket);
      await once(connection.socket, 'close');
      expect((await network.open(url, requests)).isReused).toBe(false);
    }
  });

  it('speaks TLS through a TLS proxy', async () => {
    await using server = await RawServer.start((socket) => socket.write(OK), certificates.selfSigned());
    await using proxy = await TunnelProxy.start(undefined, createTls(certificates.selfSigned()));
    const insecure = { rejectUnauthorized: false };
    const network = networkBy({ proxy: `https://${proxy.place}` }, { tls: insecure, proxyTls: insecure });
    const connection = await network.open(new URL(`https://server.example:${server.port}/`), requests);
    expect(await ask(connection)).toBe(OK);
  });

  it('closes: waits for connections in use, and opens no more', async () => {
    await using server = await RawServer.answering(OK);
    const network = networkBy('direct');
    const [used, idle] = [
      await network.open(new URL(server.url()), requests),
      await network.open(new URL(server.url()), requests),
    ];
    idle.release();
    const closed = network.close();
    await once(idle.socket, 'close');
    await expect(network.open(new URL(server.url()), requests)).rejects.toThrow('closed');
    used.release();
    await closed;
    await expect.poll(() => server.open).toBe(0);
  });

  it('destroys: ends attempts and connections with its error', async () => {
    await using silent = await RawServer.start(() => {});
    const network = networkBy({ proxy: `127.0.0.1:${silent.port}` });
    const used = await network.open(new URL('http://server.example/'), requests);
    const attempt = network.open(new URL('https://server.example/'), requests);
    await expect.poll(() => silent.heads.length).toBe(1);
    const error = new Error('enough');
    network.destroy(error);
    await expect(attempt).rejects.toBe(error);
    if (!used.socket.closed) await once(used.socket, 'close');
    await expect.poll(() => silent.open).toBe(0);
  });
});

const insecure = { rejectUnauthorized: false };
const h2: OpenOptions = { form: 'requests', alpn: ['h2', 'http/1.1'] };
const unauthorized = new ResponseHead(401, 'Who', ['WWW-Authenticate', 'NTLM', 'Content-Length', '0']);

async function http2Server() {
  const sockets = new Set<{ destroy(): void }>();
  const server = createSecureServer({ ...certificates.selfSigned(), allowHTTP1: true });
  server.on('session', (session) => sockets.add(session.on('error', () => {})));
  server.on('secureConnection', (socket: TLSSocket) => {
    socket.on('error', () => {});
    // Those of HTTP/2 belong to their session.
    if (socket.alpnProtocol !== 'h2') sockets.add(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: new URL(`https://127.0.0.1:${(server.address() as AddressInfo).port}/`),
    async [Symbol.asyncDispose]() {
      // A session waits for its client.
      for (const network of networks.splice(0)) network.destroy();
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

describe('HTTP/2', () => {
  it('serves all requests at once on one connection, also those that come while it is opened', async () => {
    await using server = await http2Server();
    const network = networkBy('direct', { tls: insecure, connections: 1 });
    const all = await Promise.all(Array.from({ length: 20 }, () => network.open(server.url, h2)));
    expect(new Set(all.map(({ socket }) => socket)).size).toBe(1);
    expect(all[0]?.protocol).toBe('h2');
    for (const connection of all.slice(1)) connection.destroy();
    expect(all[0]?.socket.destroyed).toBe(false);
    all[0]?.release();
    const later = await network.open(server.url, h2);
    expect(later).toMatchObject({ socket: all[0]?.socket, isReused: true });
    later.destroy();
    expect(later.socket.destroyed).toBe(true);
  });

  it('steps down to HTTP/1.1 for an origin and identity that authenticate connections', async () => {
    await using server = await http2Server();
    const credentials = { [server.url.origin]: 'default' } as const;
    const network = networkBy('direct', { tls: insecure, credentials, schemes: ['NTLM'] }, new TestTokens());
    const first = await network.open(server.url, h2);
    expect(first.protocol).toBe('h2');
    expect(await first.authorization({ method: 'GET', target: '/' })).toEqual({});
    expect(await first.accept(unauthorized)).toBe('again on a new connection');
    const second = await first.reopen();
    expect(second.protocol).toBe('http/1.1');
    const { Authorization } = await second.authorization({ method: 'GET', target: '/' });
    expect(Authorization).toMatch(/^NTLM /);
    second.destroy();
    expect((await network.open(server.url, h2)).protocol).toBe('http/1.1');
    expect((await networkBy('direct', { tls: insecure }).open(server.url, h2)).protocol).toBe('h2');
  });
});

describe('the limit of connections', () => {
  it('holds for each origin, in turn, and a wait can be aborted', async () => {
    await using server = await RawServer.answering(OK);
    await using other = await RawServer.answering(OK);
    const network = networkBy('direct', { connections: 1 });
    const url = new URL(server.url());
    const first = await network.open(url, requests);
    const end = new AbortController();
    const aborted = failureOf(network.open(url, { ...requests, signal: end.signal }));
    const second = network.open(url, requests);
    await network.open(new URL(other.url()), requests);
    end.abort();
    expect((await aborted).name).toBe('AbortError');
    await ask(first);
    first.release();
    expect((await second).socket).toBe(first.socket);
    (await second).destroy();
    expect((await network.open(url, requests)).isReused).toBe(false);
  });
});

/** Authenticates a connection by NTLM, as a door does. */
async function logOn(connection: NetworkConnection, acceptor = new TestAcceptor()): Promise<string | undefined> {
  for (;;) {
    const { Authorization = '' } = await connection.authorization({ method: 'GET', target: '/' });
    const asked = acceptor.accept(`Authorization: ${Authorization}\r\n`);
    const fields = asked === undefined ? [] : ['WWW-Authenticate', asked];
    const head = new ResponseHead(asked === undefined ? 200 : 401, '', [...fields, 'Content-Length', '0']);
    if ((await connection.accept(head)) === 'final') return acceptor.user;
  }
}

describe('a connection that Negotiate or NTLM has authenticated', () => {
  it('serves its identity only, and ends with it when it is idle', async () => {
    await using server = await RawServer.answering(OK);
    const url = new URL(server.url());
    const tokens = new TestTokens();
    const options = { credentials: { [url.origin]: 'default' }, schemes: ['NTLM'] } as const;
    const network = networkBy('direct', options, tokens);
    const first = await network.open(url, requests);
    expect(await logOn(first)).toBe('alice');
    first.release();
    const again = await network.open(url, requests);
    expect(again.socket).toBe(first.socket);
    // The connection is authenticated: no token goes with the next request.
    expect(await again.authorization({ method: 'GET', target: '/' })).toEqual({});
    again.release();
    tokens.name = 'bob';
    const other = await network.open(url, requests);
    expect(other.isReused).toBe(false);
    expect(first.socket.destroyed).toBe(true);
    expect(await logOn(other)).toBe('bob');
    expect(tokens.openContexts).toBe(0);
  });

  it.each([
    ['a tunnel is used', [], false],
    ['it is used, where the proxy keeps its clients apart', ['Proxy-Support', 'Session-Based-Authentication'], true],
  ])("is not a proxy's: %s", async (_what, fields, isAbsolute) => {
    await using server = await RawServer.answering(OK);
    await using proxy = await TunnelProxy.start();
    const url = new URL(`http://server.example:${server.port}/`);
    const options = { credentials: { [url.origin]: 'default' }, schemes: ['NTLM'] } as const;
    const network = networkBy({ proxy: proxy.place }, options, new TestTokens());
    const first = await network.open(url, requests);
    expect(first.isAbsolute).toBe(true);
    await first.authorization({ method: 'GET', target: url.href });
    const head = new ResponseHead(401, 'Who', [...unauthorized.raw, ...fields]);
    const outcome = await first.accept(head);
    expect(outcome).toBe(isAbsolute ? 'again' : 'again on a new connection');
    const second = isAbsolute ? first : await first.reopen();
    expect(second.isAbsolute).toBe(isAbsolute);
    expect(await logOn(second)).toBe('alice');
    if (!isAbsolute) expect(await ask(second)).toBe(OK);
    second.release();
    // Other origins do not get it; the same one does.
    const other = await network.open(new URL('http://other.example/'), requests);
    expect(other.isReused).toBe(false);
    if (isAbsolute) expect((await network.open(url, requests)).socket).toBe(second.socket);
  });
});

describe('TLS', () => {
  it('resumes the sessions of the same identity only', async () => {
    await using server = await RawServer.start((socket) => socket.write(OK), certificates.selfSigned());
    const url = new URL(server.url());
    const tokens = new TestTokens();
    const credentials = { [url.origin]: 'default' } as const;
    const network = networkBy('direct', { tls: insecure, credentials }, tokens);
    const reused: boolean[] = [];
    for (const name of ['alice', 'alice', 'bob', 'alice']) {
      tokens.name = name;
      const connection = await network.open(url, { ...requests, isNew: true });
      await ask(connection);
      reused.push((connection.socket as TLSSocket).isSessionReused());
      connection.destroy();
    }
    expect(reused).toEqual([false, true, false, true]);
  });

  it('keeps no session of a server whose certificate was rejected', async () => {
    await using server = await RawServer.start((socket) => socket.write(OK), certificates.selfSigned());
    const network = networkBy('direct');
    for (const _ of [1, 2]) {
      const error = await failureOf(network.open(new URL(server.url()), requests));
      expect(error).toMatchObject({ code: expect.stringContaining('SELF_SIGNED') });
      expect(error.message).toContain(`127.0.0.1:${server.port}: the certificate is self-signed`);
    }
    await expect.poll(() => server.open).toBe(0);
  });
});
