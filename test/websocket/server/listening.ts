import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { WebSocketServerOptions } from '../../../lib/websocket/server/server-options.ts';
import { WebSocketServer } from '../../../lib/websocket/server/websocket-server.ts';

/** Returns a listening server on a free port. */
export async function listening(options: Partial<WebSocketServerOptions> = {}) {
  const server = new WebSocketServer({ port: 0, ...options });
  await once(server, 'listening');
  return { server, url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
