/** WebSocketServer: the accepting side, on a node:http(s) server. */

import { AsyncResource } from 'node:async_hooks';
import { EventEmitter, once } from 'node:events';
import { createServer, type Server as HttpServer, type IncomingMessage } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { CloseStatus } from '../../close-codes.ts';
import { invalidArgumentType, invalidArgumentValue } from '../../errors.ts';
import { startLimit } from '../../time-limit.ts';
import { checkUpgrade, refuseUpgrade } from '../connection/accept.ts';
import { ConnectionError } from '../connection/connection-errors.ts';
import { callSafely, emitSafely } from '../connection/emit.ts';
import { connectionLimits } from '../connection/limits.ts';
import { WebSocketConnection } from '../connection/websocket-connection.ts';
import {
  sharedOptions,
  type UpgradeRefusal,
  type Verdict,
  validateServerOptions,
  type WebSocketServerOptions,
} from './server-options.ts';

/** Events of a server. */
export interface WebSocketServerEvents {
  connection: [connection: WebSocketConnection, request: IncomingMessage];
  listening: [];
  /** A request was refused, by the server or by the component. Emitted only where someone listens. */
  refused: [error: unknown, request: IncomingMessage];
  /** The server of its own failed to listen. */
  error: [error: unknown];
  close: [];
}

/** Called with an accepted connection. */
type UpgradeCallback = (connection: WebSocketConnection, request: IncomingMessage) => void;

const DEFAULT_MAX_CONNECTIONS = 65_536;

/** Servers of callers that are served: two would both answer each request. */
const served = new WeakSet<object>();

/**
 * Accepts WebSocket connections on a node:http or node:https server, keeps account of those that are open, and closes
 * them with the server.
 *
 * Sources: RFC 6455 section 4.2; Node.js, "Event: 'upgrade'" (http.Server).
 */
export class WebSocketServer extends EventEmitter<WebSocketServerEvents> {
  /** The connections that are open. */
  readonly clients: ReadonlySet<WebSocketConnection>;
  readonly #clients = new Set<WebSocketConnection>();
  readonly #options: WebSocketServerOptions;
  readonly #server: HttpServer | HttpsServer | undefined;
  readonly #ownServer: HttpServer | undefined;
  readonly #handshakeTimeout: number;
  readonly #context = new AsyncResource('winwire.WebSocketServer');
  readonly #onUpgrade = this.#context.bind((request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Whoever wants to know of a refusal listens to 'refused'.
    this.handleUpgrade(request, socket, head).catch(() => {});
  });
  // Requests that are being decided on count as connections.
  #pending = 0;
  // Ends the wait for a verdict: the server closes.
  readonly #undecided = new Set<() => void>();
  #closing: Promise<void> | undefined;
  // Settles when the server of its own listens, or cannot.
  #listening: Promise<unknown> | undefined;

  /**
   * @throws {TypeError | RangeError} unless exactly one of `server`, `port` and `noServer` is given, for a server that
   * another WebSocketServer serves, and for options and limits that are none.
   */
  constructor(options: WebSocketServerOptions) {
    super();
    this.#options = validateServerOptions(options);
    const { server, port, host, limits } = this.#options;
    if (server !== undefined && served.has(server)) {
      throw invalidArgumentValue('server', 'one that no other WebSocketServer serves', server);
    }
    this.#handshakeTimeout = connectionLimits(limits).handshakeTimeout;
    this.clients = this.#clients;
    if (port !== undefined) this.#ownServer = this.#listen(port, host ?? '127.0.0.1');
    this.#server = server ?? this.#ownServer;
    if (server !== undefined) served.add(server);
    this.#server?.on('upgrade', this.#onUpgrade);
  }

  /** Where the server listens; null before it does, and with `noServer`. */
  address(): AddressInfo | string | null {
    return this.#server?.address() ?? null;
  }

  /**
   * Decides about one upgrade request and answers it: with 101 and a connection, or with an HTTP error. With `callback`,
   * which gets the connection and the request, `connection` is not emitted and the promise may be ignored, as in ws.
   *
   * @throws {ConnectionError} ERR_WEBSOCKET_HANDSHAKE if the server refuses; {WinwireError} if the component does.
   */
  handleUpgrade(
    request: IncomingMessage,
    socket: Duplex,
    head: Uint8Array,
    callback?: UpgradeCallback,
  ): Promise<WebSocketConnection> {
    if (callback === undefined) {
      return this.#handleUpgrade(request, socket, head, (...event) => emitSafely(this, 'connection', ...event));
    }
    if (typeof callback !== 'function') return Promise.reject(invalidArgumentType('callback', 'a function', callback));
    const upgraded = this.#handleUpgrade(request, socket, head, (...event) => callSafely(callback, ...event));
    upgraded.catch(() => {});
    return upgraded;
  }

  async #handleUpgrade(
    request: IncomingMessage,
    socket: Duplex,
    head: Uint8Array,
    onConnection: UpgradeCallback,
  ): Promise<WebSocketConnection> {
    checkUpgrade(request, socket, head);
    this.#pending++;
    try {
      const verdict = await this.#refusalOf(request, socket);
      const subprotocol = verdict === undefined ? this.#subprotocolFor(request, socket) : undefined;
      // Whoever was asked may have closed the server meanwhile.
      const refusal = this.#closing === undefined ? verdict : { status: 503 };
      if (refusal !== undefined) {
        refuseUpgrade(socket, refusal.status, refusal.headers);
        throw new ConnectionError('ERR_WEBSOCKET_HANDSHAKE', `The request was refused with ${refusal.status}`);
      }
      const options = { ...sharedOptions(this.#options), subprotocol, clients: this.#clients };
      const connection = await WebSocketConnection.accept(request, socket, head, options);
      onConnection(connection, request);
      return connection;
    } catch (error) {
      emitSafely(this, 'refused', error, request);
      throw error;
    } finally {
      this.#pending--;
    }
  }

  /**
   * Takes no more requests, closes every connection with 1001 and waits for their ends, at most their close time limit;
   * then closes the server of its own. A server that was passed in goes on.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** As {@link close}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #listen(port: number, host: string): HttpServer {
    const server = createServer((_, response) => {
      response.writeHead(426, { Connection: 'Upgrade', Upgrade: 'websocket' }).end('Upgrade Required');
    });
    this.#listening = once(server, 'listening').catch(() => {});
    server.on('listening', () => this.emit('listening'));
    server.on('error', (error) => this.emit('error', error));
    return server.listen(port, host);
  }

  async #close(): Promise<void> {
    // Of a server of its own, what still comes is refused with 503.
    if (this.#ownServer === undefined) this.#server?.off('upgrade', this.#onUpgrade);
    if (this.#server !== undefined) served.delete(this.#server);
    for (const giveUp of this.#undecided) giveUp();
    await Promise.all(
      [...this.#clients].map((connection) => connection.close(CloseStatus.ENDPOINT_UNAVAILABLE).catch(() => {})),
    );
    await this.#closeOwnServer();
    this.#context.runInAsyncScope(() => this.emit('close'));
  }

  async #closeOwnServer(): Promise<void> {
    // It looks its address up first, and would not be closed meanwhile.
    await this.#listening;
    if (!this.#ownServer?.listening) return;
    this.#ownServer.close();
    this.#ownServer.closeAllConnections();
    await once(this.#ownServer, 'close');
  }

  async #refusalOf(request: IncomingMessage, socket: Duplex): Promise<UpgradeRefusal | undefined> {
    const { path, maxConnections = DEFAULT_MAX_CONNECTIONS, verifyClient } = this.#options;
    if (this.#closing !== undefined) return { status: 503 };
    if (request.method !== 'GET') return { status: 405, headers: { Allow: 'GET' } };
    if (path !== undefined && pathOf(request) !== path) return { status: 404 };
    if (this.#clients.size + this.#pending > maxConnections) return { status: 503 };
    if (verifyClient === undefined) return undefined;
    const { origin } = request.headers;
    const secure = (request.socket as { encrypted?: boolean }).encrypted === true;
    return refusalFor(await this.#inTime(socket, () => verifyClient({ request, origin, secure })));
  }

  /** The verdict, unless it takes longer than a handshake may, or the peer leaves or the server closes meanwhile. */
  async #inTime(socket: Duplex, decide: () => Verdict | Promise<Verdict>): Promise<Verdict> {
    let giveUp!: () => void;
    const gaveUp = new Promise<Verdict>((resolve) => {
      giveUp = () => resolve({ status: 408 });
    });
    const limit = startLimit(this.#handshakeTimeout, giveUp);
    // The end of a socket is only noticed by who reads it; what it brought stays in it.
    const look = () => void (socket.readableLength === 0 && socket.read());
    socket.on('close', giveUp).on('error', giveUp).on('end', giveUp).on('readable', look);
    this.#undecided.add(giveUp);
    try {
      return await Promise.race([decide(), gaveUp]);
    } catch {
      return { status: 500 };
    } finally {
      clearTimeout(limit);
      socket.off('close', giveUp).off('error', giveUp).off('end', giveUp).off('readable', look);
      this.#undecided.delete(giveUp);
    }
  }

  #subprotocolFor(request: IncomingMessage, socket: Duplex): string | undefined {
    const { subprotocols } = this.#options;
    const offered = (request.headers['sec-websocket-protocol'] ?? '')
      .split(',')
      .map((subprotocol) => subprotocol.trim())
      .filter(Boolean);
    if (typeof subprotocols !== 'function') return subprotocols?.find((subprotocol) => offered.includes(subprotocol));
    try {
      const chosen: unknown = subprotocols(offered, request);
      if (chosen === undefined || typeof chosen === 'string') return chosen;
      throw invalidArgumentType('subprotocols', 'a function that returns a string or undefined', chosen);
    } catch (error) {
      refuseUpgrade(socket, 500);
      throw error;
    }
  }
}

/** Only `true` accepts: a callback that forgot to say something has not let anyone in. */
function refusalFor(verdict: Verdict): UpgradeRefusal | undefined {
  if (verdict === true) return undefined;
  return typeof verdict === 'object' && verdict !== null ? verdict : { status: 401 };
}

/** The path of a request target in origin form (`/a?b`) or absolute form (`http://host/a?b`). Source: RFC 9112 section 3.2. */
function pathOf(request: IncomingMessage): string {
  const [target = ''] = (request.url ?? '').split('?', 1);
  const [, path] = /^(?:https?|wss?):\/\/[^/]*(.*)$/is.exec(target) ?? [];
  return path === undefined ? target : path || '/';
}
