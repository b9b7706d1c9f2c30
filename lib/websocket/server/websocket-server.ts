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
  /** A client has connected; `request` is its upgrade request. */
  connection: [connection: WebSocketConnection, request: IncomingMessage];
  /** The server listens. */
  listening: [];
  /** The server or the component has rejected a request; emitted only if there is a listener. */
  refused: [error: unknown, request: IncomingMessage];
  /** The server failed to listen on `port`. */
  error: [error: unknown];
  /** `close()` has ended the server. */
  close: [];
}

/** Receives an accepted connection. */
type UpgradeCallback = (connection: WebSocketConnection, request: IncomingMessage) => void;

const DEFAULT_MAX_CONNECTIONS = 65_536;

/** Servers in use: two WebSocketServers would both answer each request. */
const served = new WeakSet<object>();

/**
 * Accepts WebSocket connections on a node:http or node:https server, tracks the open ones, and closes them with the
 * server.
 *
 * Sources: RFC 6455 section 4.2; Node.js, "Event: 'upgrade'" (http.Server).
 */
export class WebSocketServer extends EventEmitter<WebSocketServerEvents> {
  /** The open connections. */
  readonly clients: ReadonlySet<WebSocketConnection>;
  readonly #clients = new Set<WebSocketConnection>();
  readonly #options: WebSocketServerOptions;
  readonly #server: HttpServer | HttpsServer | undefined;
  readonly #ownServer: HttpServer | undefined;
  readonly #handshakeTimeout: number;
  readonly #context = new AsyncResource('winwire.WebSocketServer');
  readonly #onUpgrade = this.#context.bind((request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // The event 'refused' reports rejections.
    this.handleUpgrade(request, socket, head).catch(() => {});
  });
  // Undecided requests count as connections.
  #pending = 0;
  // Callbacks that end the wait for a verdict when the server closes.
  readonly #undecided = new Set<() => void>();
  #closing: Promise<void> | undefined;
  // Settles when the server for `port` listens or has failed.
  #listening: Promise<unknown> | undefined;

  /**
   * @throws {TypeError | RangeError} unless exactly one of `server`, `port` and `noServer` is given, for a server that
   *   another WebSocketServer uses, and for invalid options or limits.
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

  /** Returns the address of the server; null before it listens, and with `noServer`. */
  address(): AddressInfo | string | null {
    return this.#server?.address() ?? null;
  }

  /**
   * Answers one upgrade request, with 101 and a connection or with an HTTP error. With `callback`, which gets the
   * connection and the request, `connection` is not emitted and the promise may be ignored, as in ws.
   *
   * @throws {ConnectionError} ERR_WEBSOCKET_HANDSHAKE if the server rejects the request; {WinwireError} if the
   *   component does.
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
      // The server may have closed during verifyClient.
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
   * Rejects further requests, closes every connection with 1001 and waits for their ends, at most
   * `limits.closeTimeout`; then closes the server for `port`. A server passed as `server` stays open.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** Calls {@link close}. */
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
    // The server for `port` answers late requests with 503.
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
    // While it resolves its address, it cannot be closed.
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

  /**
   * Resolves with the verdict; rejects if it takes longer than `limits.handshakeTimeout`, the peer leaves or the server
   * closes.
   */
  async #inTime(socket: Duplex, decide: () => Verdict | Promise<Verdict>): Promise<Verdict> {
    let giveUp!: () => void;
    const gaveUp = new Promise<Verdict>((resolve) => {
      giveUp = () => resolve({ status: 408 });
    });
    const limit = startLimit(this.#handshakeTimeout, giveUp);
    // A socket reports its end only while it is read; the bytes stay in it.
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

/** Only `true` accepts, so a callback without a return value rejects. */
function refusalFor(verdict: Verdict): UpgradeRefusal | undefined {
  if (verdict === true) return undefined;
  return typeof verdict === 'object' && verdict !== null ? verdict : { status: 401 };
}

/**
 * Returns the path of a request target in origin form (`/a?b`) or absolute form (`http://host/a?b`). Source: RFC 9112
 * section 3.2.
 */
function pathOf(request: IncomingMessage): string {
  const [target = ''] = (request.url ?? '').split('?', 1);
  const [, path] = /^(?:https?|wss?):\/\/[^/]*(.*)$/is.exec(target) ?? [];
  return path === undefined ? target : path || '/';
}
