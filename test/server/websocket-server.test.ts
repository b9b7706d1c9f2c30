import { once } from 'node:events';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { WebSocketConnection } from '../../lib/connection/connection.ts';
import type { ClientInfo, WebSocketServerOptions } from '../../lib/server/server-options.ts';
import { WebSocketServer } from '../../lib/server/websocket-server.ts';
import { availableBackends } from '../helpers/backends.ts';

async function listening(options: Partial<WebSocketServerOptions> = {}) {
  const server = new WebSocketServer({ port: 0, ...options });
  await once(server, 'listening');
  return { server, url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe.each(availableBackends)('WebSocketServer on %s', (backend) => {
  it('accepts connections and forgets those that have ended', async () => {
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

  it('closes every connection with 1001 and then itself', async () => {
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
    ['verifyClient: throws', { verifyClient: () => Promise.reject(new Error('broken')) }, '/', 500],
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

  it('serves one path, whatever the query', async () => {
    const { server, url } = await listening({ backend, path: '/here' });
    await using _ = server;
    const client = await WebSocketConnection.connect(`${url}/here?x=1`, { backend });
    await client.close();
  });

  it('asks verifyClient with origin and request', async () => {
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

  it('shares a server of the caller, and leaves it open', async () => {
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
  it.each([[{}], [{ port: 0, noServer: true }], [{ noServer: true, limits: { nonsense: 1 } }]])(
    'refuses the options %j',
    (options) => {
      expect(() => new WebSocketServer(options as WebSocketServerOptions)).toThrowError(
        expect.objectContaining({ code: 'ERR_INVALID_ARG_VALUE' }),
      );
    },
  );

  it('tells that it cannot listen', async () => {
    const { server, url } = await listening();
    await using _ = server;
    const second = new WebSocketServer({ port: Number(new URL(url).port) });
    expect((await once(second, 'error'))[0]).toMatchObject({ code: 'EADDRINUSE' });
    await second.close();
  });
});
