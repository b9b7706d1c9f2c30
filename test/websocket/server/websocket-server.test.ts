import { once } from 'node:events';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { WebSocketConnection } from '../../../lib/websocket/connection/websocket-connection.ts';
import type { ClientInfo, WebSocketServerOptions } from '../../../lib/websocket/server/server-options.ts';
import { WebSocketServer } from '../../../lib/websocket/server/websocket-server.ts';
import { availableBackends } from '../../helpers/backends.ts';
import { handshake, RawPeer, text } from '../../interop/raw-peer.ts';
import { listening } from './listening.ts';

function fails(): never {
  throw Object.assign(new Error('broken'), { code: 'BROKEN' });
}

describe.each(availableBackends)('WebSocketServer on %s', (backend) => {
  it('accepts connections and removes those that have ended', async () => {
    const { server, url } = await listening({ backend });
    await using _ = server;
    server.on('connection', (connection) => connection.on('message', (message) => void connection.send(message)));
    const client = await WebSocketConnection.connect(url, { backend });
    await client.send('echo');
    expect(await client.receive()).toBe('echo');
    const [accepted] = server.clients as Set<WebSocketConnection>;
    await client.close();
    await accepted?.closed;
    expect(server.clients.size).toBe(0);
  });

  it('closes every connection with 1001, then the server', async () => {
    const { server, url } = await listening({ backend });
    const clients = await Promise.all([1, 2, 3].map(() => WebSocketConnection.connect(url, { backend })));
    const closed = once(server, 'close');
    await Promise.all([server.close(), server.close()]);
    await closed;
    for (const client of clients) expect(await client.closed).toMatchObject({ code: 1001, wasClean: true });
    await expect(WebSocketConnection.connect(url, { backend })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it.each([
    ['another path', { path: '/here' }, '/there', 404],
    ['too many connections', { maxConnections: 0.5 }, '/', 503],
    ['verifyClient: false', { verifyClient: () => false }, '/', 401],
    ['verifyClient: a status', { verifyClient: async () => ({ status: 403, headers: { 'X-Why': 'no' } }) }, '/', 403],
    ['verifyClient: rejects', { verifyClient: () => Promise.reject(new Error('broken')) }, '/', 500],
    ['verifyClient: throws', { verifyClient: fails }, '/', 500],
    ['verifyClient: says nothing', { verifyClient: () => undefined as never }, '/', 401],
    ['verifyClient: says null', { verifyClient: async () => null as never }, '/', 401],
    ['verifyClient: is truthy, and not true', { verifyClient: () => 1 as never }, '/', 401],
    [
      'verifyClient: too late',
      { verifyClient: () => new Promise<boolean>(() => {}), limits: { handshakeTimeout: 20 } },
      '/',
      408,
    ],
  ] as [string, Partial<WebSocketServerOptions>, string, number][])('refuses: %s', async (_, options, path, status) => {
    const { server, url } = await listening({ backend, ...options });
    await using _server = server;
    const refused = once(server, 'refused');
    const attempt = WebSocketConnection.connect(url + path, { backend });
    await expect(attempt).rejects.toMatchObject({
      name: 'UpgradeRefusedError',
      status,
      code: 'ERR_WEBSOCKET_HANDSHAKE',
    });
    expect((await refused)[0]).toMatchObject({ code: 'ERR_WEBSOCKET_HANDSHAKE' });
    expect(server.clients.size).toBe(0);
  });

  it.each([
    ['verifyClient: an invalid status', { verifyClient: () => ({ status: 99 }) }, 'ERR_OUT_OF_RANGE'],
    ['verifyClient: no status', { verifyClient: () => ({}) as never }, 'ERR_OUT_OF_RANGE'],
    ['verifyClient: would say 101', { verifyClient: () => ({ status: 101 }) }, 'ERR_OUT_OF_RANGE'],
    [
      'verifyClient: a header that injects',
      { verifyClient: () => ({ status: 302, headers: { Location: '/\r\nSet-Cookie: a=b' } }) },
      'ERR_INVALID_CHAR',
    ],
    ['subprotocols: throws', { subprotocols: fails }, 'BROKEN'],
    ['an impossible property', { properties: [{ type: 0, value: 1 }] }, expect.stringMatching(/^E_INVALID/)],
  ] as [string, Partial<WebSocketServerOptions>, string][])(
    'answers 500 and closes the socket if it fails: %s',
    async (_, options, code) => {
      const { server, url } = await listening({ backend, ...options });
      const refused = once(server, 'refused');
      await expect(WebSocketConnection.connect(url, { backend })).rejects.toMatchObject({ status: 500 });
      expect((await refused)[0]).toMatchObject({ code });
      // It would wait for a socket that is left open.
      await server.close();
    },
  );

  it('answers 503 if the server closes while verifyClient is pending', async () => {
    let asked!: () => void;
    const isAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    let decide!: (verdict: boolean) => void;
    const verifyClient = () => {
      asked();
      return new Promise<boolean>((resolve) => {
        decide = resolve;
      });
    };
    const { server, url } = await listening({ backend, verifyClient });
    const attempt = WebSocketConnection.connect(url, { backend });
    await isAsked;
    const closed = server.close();
    decide(true);
    await expect(attempt).rejects.toMatchObject({ status: 503 });
    await closed;
    expect(server.clients.size).toBe(0);
  });

  it('counts undecided requests as connections, until the clients leave', async () => {
    const decisions: ((verdict: boolean) => void)[] = [];
    const verifyClient = () => new Promise<boolean>((resolve) => decisions.push(resolve));
    const { server, url } = await listening({ backend, verifyClient, maxConnections: 1 });
    await using _ = server;
    const controller = new AbortController();
    const first = WebSocketConnection.connect(url, { backend, signal: controller.signal });
    while (decisions.length === 0) await new Promise(setImmediate);
    await expect(WebSocketConnection.connect(url, { backend })).rejects.toMatchObject({ status: 503 });
    const refused = once(server, 'refused');
    controller.abort();
    await expect(first).rejects.toMatchObject({ name: 'AbortError' });
    await refused;
    const second = WebSocketConnection.connect(url, { backend });
    while (decisions.length === 1) await new Promise(setImmediate);
    decisions[1]?.(true);
    await (await second).close();
  });

  it('keeps what a client sends before it is accepted', async () => {
    let decide!: (verdict: boolean) => void;
    const verifyClient = () => new Promise<boolean>((resolve) => (decide = resolve));
    const { server, url } = await listening({ backend, verifyClient });
    await using _ = server;
    const connected = once(server, 'connection') as Promise<[WebSocketConnection]>;
    const peer = await RawPeer.connect(Number(new URL(url).port));
    peer.write(handshake());
    while (decide === undefined) await new Promise(setImmediate);
    await peer.writePieces([text('ear'), text('ly')].map((bytes) => Buffer.from(bytes)));
    decide(true);
    const [connection] = await connected;
    expect([await connection.receive(), await connection.receive()]).toEqual(['ear', 'ly']);
    await connection.send('served');
    expect(await peer.readHead()).toMatch(/^HTTP\/1\.1 101 /);
    expect(String((await peer.readFrame())?.payload)).toBe('served');
    peer.destroy();
  });

  it('keeps a connection whose listener throws, and reports the error', async () => {
    const { server, url } = await listening({ backend });
    await using _ = server;
    const thrown = new Promise((resolve) => process.once('uncaughtException', resolve));
    server.on('connection', (connection) => {
      connection.on('message', (message) => void connection.send(message));
      fails();
    });
    server.on('refused', () => expect.unreachable());
    const client = await WebSocketConnection.connect(url, { backend });
    expect(await thrown).toMatchObject({ code: 'BROKEN' });
    await client.send('still served');
    expect(await client.receive()).toBe('still served');
  });

  it.each([
    ['verifyClient', (close: () => void) => ({ verifyClient: () => Promise.resolve(true).finally(close) })],
    ['subprotocols', (close: () => void) => ({ subprotocols: () => void close() })],
  ])('rejects requests after it was closed, by %s', async (_, optionsOf) => {
    let closed: Promise<void> | undefined;
    const close = () => {
      closed = server.close();
    };
    const { server, url } = await listening({ backend, ...optionsOf(close) });
    server.on('connection', () => expect.unreachable());
    await expect(WebSocketConnection.connect(url, { backend })).rejects.toMatchObject({ status: 503 });
    await closed;
    expect(server.clients.size).toBe(0);
  });

  it('does not wait for a verdict after close', async () => {
    let closed: Promise<void> | undefined;
    const verifyClient = () => {
      closed = Promise.resolve().then(() => server.close());
      return new Promise<boolean>(() => {});
    };
    const { server, url } = await listening({ backend, verifyClient });
    await expect(WebSocketConnection.connect(url, { backend })).rejects.toMatchObject({ status: 503 });
    await closed;
  });

  it('rejects upgrades that are still pending when the server closes', async () => {
    const server = new WebSocketServer({ noServer: true, backend });
    const httpServer = http.createServer().listen(0, '127.0.0.1');
    await once(httpServer, 'listening');
    const closed = new Promise<void>((resolve) => {
      httpServer.on('upgrade', (request, socket, head) => {
        server.handleUpgrade(request, socket, head).catch(() => {});
        resolve(server.close());
      });
    });
    const { port } = httpServer.address() as AddressInfo;
    await expect(WebSocketConnection.connect(`ws://127.0.0.1:${port}/`, { backend })).rejects.toMatchObject({
      status: 503,
    });
    await closed;
    httpServer.close();
  });

  it('answers plain requests and other methods', async () => {
    const { server, url } = await listening({ backend });
    await using _ = server;
    const plain = await fetch(url.replace('ws:', 'http:'));
    expect([plain.status, plain.headers.get('upgrade')]).toEqual([426, 'websocket']);
    const headers = { Connection: 'Upgrade', Upgrade: 'websocket' };
    const request = http.request(url.replace('ws:', 'http:'), { method: 'POST', headers }).end();
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    expect([response.statusCode, response.headers.allow]).toEqual([405, 'GET']);
    response.resume();
  });

  it('accepts requests passed to handleUpgrade, and then has no address', async () => {
    const server = new WebSocketServer({ noServer: true, backend, path: '/' });
    expect(server.address()).toBeNull();
    const httpServer = http.createServer().listen(0, '127.0.0.1');
    await once(httpServer, 'listening');
    const taken = new Promise<WebSocketConnection>((resolve, reject) => {
      httpServer.on('upgrade', (request, socket, head) => {
        server.handleUpgrade(request, socket, head).then(resolve, reject);
      });
    });
    const { port } = httpServer.address() as AddressInfo;
    const client = await WebSocketConnection.connect(`ws://127.0.0.1:${port}/?query`, { backend });
    expect(server.clients.has(await taken)).toBe(true);
    await server.close();
    expect(await client.closed).toMatchObject({ code: 1001 });
    await expect(WebSocketConnection.connect(`ws://127.0.0.1:${port}/`, { backend })).rejects.toMatchObject({
      status: 503,
    });
    httpServer.close();
  });

  it('serves one path, with any query', async () => {
    const { server, url } = await listening({ backend, path: '/here' });
    await using _ = server;
    const client = await WebSocketConnection.connect(`${url}/here?x=1`, { backend });
    await client.close();
  });

  it.each([
    ['http://example.org/here', '/here', 101],
    ['http://example.org:81/here?x=/there', '/here', 101],
    ['ws://example.org/here', '/here', 101],
    ['HTTP://example.org', '/', 101],
    ['http://example.org?x', '/', 101],
    ['http://example.org/there', '/here', 404],
    ['http://here/there', '/here', 404],
    ['//here', '/here', 404],
  ])('accepts the absolute form of a request target: %s for %s gets %i', async (target, path, status) => {
    const { server, url } = await listening({ backend, path });
    await using _ = server;
    const socket = net.connect(Number(new URL(url).port), '127.0.0.1');
    socket.write(String(handshake()).replace(/^GET \S+/, `GET ${target}`));
    expect(String((await once(socket, 'data'))[0])).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    socket.destroy();
  });

  it('calls a callback of handleUpgrade instead of the event, as ws does', async () => {
    const server = new WebSocketServer({ noServer: true, backend });
    const httpServer = http.createServer().listen(0, '127.0.0.1');
    await once(httpServer, 'listening');
    const events: unknown[] = [];
    server.on('connection', (...event) => events.push(event));
    const called = new Promise<unknown[]>((resolve) => {
      httpServer.on('upgrade', (request, socket, head) => {
        void server.handleUpgrade(request, socket, head, (...args) => {
          resolve([...args, request]);
          server.emit('connection', ...args);
        });
      });
    });
    const { port } = httpServer.address() as AddressInfo;
    await WebSocketConnection.connect(`ws://127.0.0.1:${port}/`, { backend });
    const [connection, request, expected] = await called;
    expect(request).toBe(expected);
    expect(events).toEqual([[connection, request]]);
    await server.close();
    httpServer.close();
  });

  it('causes no unhandled rejection for a rejected upgrade with a callback', async () => {
    const server = new WebSocketServer({ noServer: true, backend, path: '/here' });
    const httpServer = http.createServer().listen(0, '127.0.0.1');
    await once(httpServer, 'listening');
    httpServer.on('upgrade', (request, socket, head) => void server.handleUpgrade(request, socket, head, () => {}));
    const { port } = httpServer.address() as AddressInfo;
    const attempt = WebSocketConnection.connect(`ws://127.0.0.1:${port}/there`, { backend });
    await expect(attempt).rejects.toMatchObject({ status: 404 });
    await server.close();
    httpServer.close();
  });

  it('rejects a callback of handleUpgrade that is not a function', async () => {
    const server = new WebSocketServer({ noServer: true, backend });
    const upgraded = server.handleUpgrade({} as never, {} as never, Buffer.alloc(0), {} as never);
    await expect(upgraded).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
  });

  it('passes origin and request to verifyClient', async () => {
    const asked: unknown[] = [];
    const verifyClient = ({ origin, secure, request }: ClientInfo): boolean => {
      asked.push([origin, secure, request.url]);
      return true;
    };
    const { server, url } = await listening({ backend, verifyClient });
    await using _ = server;
    await WebSocketConnection.connect(`${url}/p`, { backend, headers: { Origin: 'https://example.org' } });
    expect(asked).toEqual([['https://example.org', false, '/p']]);
  });

  it.each([
    ['the server’s first choice', ['b', 'a'], 'b'],
    ['the choice of a function', (offered: readonly string[]) => offered[0], 'a'],
  ] as const)('selects a sub-protocol: %s', async (_, subprotocols, selected) => {
    const { server, url } = await listening({ backend, subprotocols });
    await using _server = server;
    const client = await WebSocketConnection.connect(url, { backend, subprotocols: ['a', 'b'] });
    expect(client.subprotocol).toBe(selected);
  });

  it.each([
    ['no key', 'Sec-WebSocket-Version: 13', 400],
    ['another version', 'Sec-WebSocket-Version: 8\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', 426],
  ])('answers a bad request: %s', async (_, headers, status) => {
    const { server, url } = await listening({ backend });
    await using _server = server;
    const socket = net.connect(Number(new URL(url).port), '127.0.0.1');
    socket.write(`GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n${headers}\r\n\r\n`);
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk as Buffer);
    const answer = Buffer.concat(chunks).toString();
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    if (status === 426) expect(answer).toContain('Sec-WebSocket-Version: 13');
  });

  it('shares a server of the caller, and does not close it', async () => {
    const httpServer = http.createServer((_, response) => response.end('plain'));
    await new Promise<void>((resolve) => httpServer.listen(0, '127.0.0.1', resolve));
    const { port } = httpServer.address() as AddressInfo;
    const server = new WebSocketServer({ server: httpServer, backend });
    const client = await WebSocketConnection.connect(`ws://127.0.0.1:${port}`, { backend });
    await server.close();
    expect((await client.closed).code).toBe(1001);
    expect(await (await fetch(`http://127.0.0.1:${port}`)).text()).toBe('plain');
    httpServer.closeAllConnections();
    httpServer.close();
  });
});

describe('new WebSocketServer', () => {
  it.each([{}, { noServer: true, limits: { nonsense: 1 } }])('rejects the options %j', (options) => {
    expect(() => new WebSocketServer(options as WebSocketServerOptions)).toThrowError(
      expect.objectContaining({ code: 'ERR_INVALID_ARG_VALUE' }),
    );
  });

  it('allows one WebSocketServer per server until it is closed', async () => {
    const server = http.createServer();
    const first = new WebSocketServer({ server });
    expect(() => new WebSocketServer({ server })).toThrowError(
      expect.objectContaining({ code: 'ERR_INVALID_ARG_VALUE' }),
    );
    await first.close();
    await new WebSocketServer({ server }).close();
    expect(server.listenerCount('upgrade')).toBe(0);
  });

  it('can be closed before it listens', async () => {
    const server = new WebSocketServer({ port: 0 });
    const listens = once(server, 'listening');
    await server.close();
    await listens;
    expect(server.address()).toBeNull();
  });

  it('reports that it cannot listen', async () => {
    const { server, url } = await listening();
    await using _ = server;
    const second = new WebSocketServer({ port: Number(new URL(url).port) });
    expect((await once(second, 'error'))[0]).toMatchObject({ code: 'EADDRINUSE' });
    await second.close();
  });
});
