// Connections between an endpoint on the 13 functions and one of `ws`, in either role, over TCP or TLS.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import * as http from 'node:http';
import * as https from 'node:https';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import type { Endpoint } from '../../examples/lib/endpoint.ts';
import { accept, connect, type HandleOptions } from '../../examples/lib/handshake.ts';
import { availableBackends } from '../helpers/backends.ts';

export type Transport = 'TCP' | 'TLS';

/** The backend, its role, and the transport. */
interface Lane {
  backend: (typeof availableBackends)[number];
  role: 'client' | 'server';
  transport: Transport;
}

export const LANES: readonly Lane[] = availableBackends.flatMap((backend) =>
  (['client', 'server'] as const).flatMap((role) =>
    (['TCP', 'TLS'] as const).map((transport) => ({ backend, role, transport })),
  ),
);

export interface Connection extends AsyncDisposable {
  ours: Endpoint;
  theirs: WebSocket;
}

// A key pair for `localhost`, for these tests only, valid for a hundred years.
const fixture = (name: string) => readFileSync(new URL(`./fixtures/${name}`, import.meta.url));
const cert = fixture('localhost-cert.pem');
const key = fixture('localhost-key.pem');

/** Opens a connection. */
export async function openConnection(lane: Lane, options: HandleOptions = {}): Promise<Connection> {
  const server = lane.transport === 'TLS' ? https.createServer({ cert, key }) : http.createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `${lane.transport === 'TLS' ? 'wss' : 'ws'}://localhost:${port}/`;
  const open = lane.role === 'server' ? serve : call;
  const { ours, theirs } = await open(server, url, { ...options, backend: lane.backend });
  // Prevents an uncaught exception for events that a test does not await.
  theirs.on('error', () => {});
  const dispose = async () => {
    ours.abort();
    theirs.terminate();
    server.close();
    if (server.listening) await once(server, 'close');
  };
  return { ours, theirs, [Symbol.asyncDispose]: dispose };
}

/** Our server with a client of `ws`. */
async function serve(server: http.Server, url: string, options: HandleOptions) {
  const upgrade = once(server, 'upgrade');
  const theirs = new WebSocket(url, { ca: cert, family: 4 });
  const opened = once(theirs, 'open');
  const [request, socket, head] = await upgrade;
  const ours = accept(request, socket, head, options);
  if (!ours) throw new Error('the handshake was refused');
  await opened;
  return { ours, theirs };
}

/** Our client with a server of `ws`. */
async function call(server: http.Server, url: string, options: HandleOptions) {
  const connection = once(new WebSocketServer({ server }), 'connection') as Promise<[WebSocket]>;
  const ours = await connect({ ...options, url, request: { ca: cert, family: 4 } });
  const [theirs] = await connection;
  return { ours, theirs };
}
