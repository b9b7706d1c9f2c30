// Two connections over a real node:http server and a TCP socket on loopback.
import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { BackendName } from '../../../lib/backend.ts';
import type { AcceptOptions } from '../../../lib/websocket/connection/accept.ts';
import type { ConnectOptions } from '../../../lib/websocket/connection/connect.ts';
import { WebSocketConnection } from '../../../lib/websocket/connection/websocket-connection.ts';

interface PairOptions {
  client?: ConnectOptions;
  server?: AcceptOptions;
}

class ConnectionPair {
  readonly client: WebSocketConnection;
  readonly server: WebSocketConnection;
  /** The server's end of the TCP connection. */
  readonly socket: Socket;
  readonly #http: http.Server;

  constructor(client: WebSocketConnection, server: WebSocketConnection, socket: Socket, httpServer: http.Server) {
    this.client = client;
    this.server = server;
    this.socket = socket;
    this.#http = httpServer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.client.abort();
    this.server.abort();
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }
}

export async function openPair(backend: BackendName, options: PairOptions = {}): Promise<ConnectionPair> {
  const httpServer = http.createServer();
  const accepted = new Promise<{ server: WebSocketConnection; socket: Socket }>((resolve, reject) => {
    httpServer.on('upgrade', (request, socket, head) => {
      WebSocketConnection.accept(request, socket, head, { backend, ...options.server }).then(
        (server) => resolve({ server, socket: socket as Socket }),
        reject,
      );
    });
  });
  await new Promise<void>((resolve) => httpServer.listen(0, '127.0.0.1', resolve));
  const { port } = httpServer.address() as AddressInfo;
  const [client, { server, socket }] = await Promise.all([
    WebSocketConnection.connect(`ws://127.0.0.1:${port}/`, { backend, ...options.client }),
    accepted,
  ]);
  return new ConnectionPair(client, server, socket, httpServer);
}

/** The next event of this name. */
export function next(emitter: NodeJS.EventEmitter, event: string): Promise<unknown[]> {
  return new Promise((resolve) => emitter.once(event, (...values: unknown[]) => resolve(values)));
}

/** Returns a source of one fragment that arrives on demand. */
export function heldBack(fragment: string): { fragments: AsyncIterable<string>; release(): void } {
  let release!: () => void;
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const fragments = (async function* () {
    await gate;
    yield fragment;
  })();
  return { fragments, release };
}
