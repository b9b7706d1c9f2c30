import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { forgetServers } from '../../lib/parity/forget-servers.ts';
import { WinHttpRequest } from '../../lib/winhttp/request/winhttp-request.ts';

async function serve(listener: RequestListener, port = 0): Promise<Server> {
  const server = createServer(listener).listen(port, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  return server;
}

it('forgets that an earlier server on the same port closed its connections', async () => {
  const closer = await serve((request, response) => response.end('', () => request.socket.end()));
  const { port } = closer.address() as AddressInfo;
  const get = () => WinHttpRequest.request(`http://127.0.0.1:${port}/`, { backend: 'portable' });
  const closed = once(closer, 'connection').then(([socket]) => once(socket, 'close'));
  await get();
  await closed;
  await once(closer.close(), 'close');
  const keeper = await serve((_request, response) => response.end(), port);
  let connections = 0;
  keeper.on('connection', () => {
    connections++;
  });
  forgetServers();
  await get();
  await get();
  expect(connections).toBe(1);
});
