import { once } from 'node:events';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { WebSocketConnection } from '../../../lib/websocket/connection/websocket-connection.ts';
import { WebSocketServer } from '../../../lib/websocket/server/websocket-server.ts';
import { availableBackends } from '../../helpers/backends.ts';
import { handshake, RawPeer } from '../../interop/raw-peer.ts';
import { listening } from './listening.ts';

describe.each(availableBackends)('requests that WebSocketServer rejects on %s', (backend) => {
  it('end in time if the peer keeps the socket', async () => {
    const { server, url } = await listening({ backend, path: '/elsewhere' });
    const { port } = new URL(url);
    const peer = net.connect({ port: Number(port), host: '127.0.0.1', allowHalfOpen: true });
    const gone = once(peer, 'close');
    // The connection ends or is reset without the peer's help.
    peer.on('error', () => {});
    peer.write(handshake());
    expect(String((await once(peer, 'data'))[0])).toMatch(/^HTTP\/1.1 404 /);
    await server.close();
    peer.destroy();
    await gone;
  });

  it('are answered with 503 while it closes', async () => {
    const { server, url } = await listening({ backend, limits: { closeTimeout: 60_000 } });
    // A peer that does not answer the close keeps the server closing.
    const peer = await RawPeer.open(Number(new URL(url).port));
    const closed = server.close();
    const late = WebSocketConnection.connect(url, { backend });
    await expect(late).rejects.toMatchObject({ name: 'UpgradeRefusedError', status: 503 });
    peer.socket.destroy();
    await closed;
  });

  it('are answered once', async () => {
    const server = http.createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const sockets = new WebSocketServer({ noServer: true, backend });
    const second = new WebSocketServer({ noServer: true, backend, path: '/elsewhere' });
    const upgrade = once(server, 'upgrade');
    const connecting = WebSocketConnection.connect(`ws://127.0.0.1:${port}`, { backend });
    const [request, socket, head] = await upgrade;
    const accepted = await sockets.handleUpgrade(request, socket, head);
    const refused = { code: 'ERR_WEBSOCKET_HANDSHAKE' };
    await expect(sockets.handleUpgrade(request, socket, head)).rejects.toMatchObject(refused);
    await expect(second.handleUpgrade(request, socket, head)).rejects.toMatchObject(refused);
    await expect(WebSocketConnection.accept(request, socket, head, { backend })).rejects.toMatchObject(refused);
    const client = await connecting;
    await accepted.send('unharmed');
    expect(await client.receive()).toBe('unharmed');
    await sockets.close();
    server.close();
  });

  it.each([5, Promise.resolve('chat')])('name a function of sub-protocols that returns %o', async (chosen) => {
    const { server, url } = await listening({ backend, subprotocols: () => chosen as never });
    await using _ = server;
    const refused = once(server, 'refused');
    const attempt = WebSocketConnection.connect(url, { backend, subprotocols: ['chat'] });
    await expect(attempt).rejects.toMatchObject({ status: 500 });
    expect((await refused)[0]).toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
  });
});
