// A WebSocketServer that echoes, and executes commands in messages: "close CODE REASON", "abort".
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import * as http from 'node:http';
import * as https from 'node:https';
import type { AddressInfo } from 'node:net';
import type { BackendName } from '../../lib/backend.ts';
import { WebSocketServer } from '../../lib/websocket/server/websocket-server.ts';
import type { Transport } from './connections.ts';

const fixture = (name: string) => readFileSync(new URL(`./fixtures/${name}`, import.meta.url));
export const cert = fixture('localhost-cert.pem');
const key = fixture('localhost-key.pem');

interface EchoService extends AsyncDisposable {
  readonly url: string;
  readonly server: WebSocketServer;
}

/** Starts a node:http(s) server on loopback; `onRequest` handles other requests than upgrades. */
export async function startServer(transport: Transport, onRequest?: http.RequestListener) {
  const server = transport === 'TLS' ? https.createServer({ cert, key }, onRequest) : http.createServer({}, onRequest);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const dispose = async () => {
    server.close();
    server.closeAllConnections();
  };
  const { port } = server.address() as AddressInfo;
  return { server, url: `${transport === 'TLS' ? 'wss' : 'ws'}://localhost:${port}/`, [Symbol.asyncDispose]: dispose };
}

export async function startEchoService(
  backend: BackendName,
  transport: Transport = 'TCP',
  onRequest?: http.RequestListener,
): Promise<EchoService> {
  const { server: httpServer, url, [Symbol.asyncDispose]: disposeServer } = await startServer(transport, onRequest);
  const server = new WebSocketServer({ server: httpServer, backend, subprotocols: ['chat'] });
  server.on('connection', (connection) => {
    connection.on('message', (message) => {
      const [order, code, reason] = typeof message === 'string' ? message.split(' ') : [];
      if (order === 'close') void connection.close(Number(code), reason);
      else if (order === 'abort') connection.abort();
      else void connection.send(message);
    });
  });
  const dispose = async () => {
    await server.close();
    await disposeServer();
  };
  return { url, server, [Symbol.asyncDispose]: dispose };
}
