/** One connection with the undici client that speaks HTTP on it. */
import type { Socket } from 'node:net';
import type { Client } from 'undici';
import { IDLE_LIMIT, type NetworkConnection } from '../tunnel/network-connection.ts';
import type { DispatchOptions } from './dispatch-options.ts';
import type { FirstHandler } from './generations.ts';

/** Options of undici's Client. */
export type ClientOptions = Pick<
  Client.Options,
  'headersTimeout' | 'bodyTimeout' | 'maxHeaderSize' | 'maxResponseSize' | 'pipelining'
>;

/** Streams of one HTTP/2 connection at once, if the server allows as many. */
const MAX_STREAMS = 100;

/**
 * undici closes an idle connection after 4 seconds, or 2 before the time that the peer announces. One that a user has
 * authenticated must stay open between two legs, while a token is made; the pool of the network closes it later.
 */
const KEPT_BY_POOL = { keepAliveTimeout: 2 * IDLE_LIMIT, keepAliveTimeoutThreshold: -2 * IDLE_LIMIT };

/**
 * The connection was closed before a request was sent on it: the request goes on another one. undici would connect
 * again, but only the pool knows how.
 */
// It has no code: for two codes undici connects again at once.
export class ConnectionGone extends Error {}

const lines = new WeakMap<Socket, Line>();

/** Returns the line of a connection that was used before. */
export const lineOn = (connection: NetworkConnection): Line | undefined => lines.get(connection.socket);

/** A request on a line. */
export interface LineUser extends FirstHandler {
  /** Ends the request on the line with an error, if it was sent. */
  abortOnLine(error: Error): void;
}

/** Receives what happens to a line. */
export interface LineListener {
  /** The line may take a further request. */
  onFree(line: Line): void;
  onGone(line: Line, error: Error): void;
}

export class Line {
  readonly connection: NetworkConnection;
  readonly client: Client;
  /** In milliseconds of performance.now(). */
  readonly openedAt = performance.now();
  readonly #capacity: number;
  readonly #isH2: boolean;
  /** Requests of ours on it, also between two legs of an authentication. */
  // Not a Set: V8 allocates memory when a Set gets empty, and this one does with each request.
  readonly #users: LineUser[] = [];
  readonly #waiting: (() => void)[] = [];
  #isBusy = false;
  #isTaken = false;
  #isGone = false;
  #isHandedOver = false;

  constructor(
    ClientClass: typeof Client,
    origin: string,
    connection: NetworkConnection,
    options: ClientOptions,
    listener: LineListener,
  ) {
    this.connection = connection;
    lines.set(connection.socket, this);
    const isH2 = connection.protocol === 'h2';
    this.#isH2 = isH2;
    this.#capacity = isH2 ? MAX_STREAMS : options.pipelining || 1;
    const connect = (_target: unknown, callback: (error: Error | null, socket: never) => void) => {
      const isFirst = !this.#isTaken;
      this.#isTaken = true;
      // A call before `connect` returns would be ignored.
      queueMicrotask(() => {
        if (isFirst) callback(null, connection.socket as never);
        else callback(new ConnectionGone(), undefined as never);
      });
    };
    this.client = new ClientClass(origin, {
      ...options,
      ...(connection.isPersonal ? KEPT_BY_POOL : {}),
      ...(isH2 ? { pipelining: MAX_STREAMS, maxConcurrentStreams: MAX_STREAMS } : {}),
      connect: connect as Client.Options['connect'],
    });
    this.client.on('drain', () => {
      this.#isBusy = false;
      this.#settle();
      if (this.isFree) listener.onFree(this);
    });
    this.client.on('disconnect', (_origin, _targets, error) => {
      this.#isGone = true;
      this.#settle();
      // undici names an upgrade so: the socket is the caller's now.
      this.#isHandedOver = (error as { code?: string }).code === 'UND_ERR_INFO' && error.message === 'upgrade';
      listener.onGone(this, error);
      void this.destroy(new ConnectionGone());
    });
    this.client.on('connectionError', () => void this.destroy(new ConnectionGone()));
  }

  get isGone(): boolean {
    return this.#isGone || this.connection.socket.destroyed;
  }

  /** Whether it may take a request of anybody. */
  get isFree(): boolean {
    return !this.connection.isPersonal && !this.#isBusy && this.used < this.#capacity && !this.isGone;
  }

  /** Its request has ended, and it is free as soon as its server had the time to close it. */
  get isSettling(): boolean {
    return this.#isBusy && this.used === 0 && !this.isGone;
  }

  /** Calls back when its server had the time to close it after a request. */
  whenSettled(callback: () => void): void {
    if (!this.#isBusy || this.isGone) callback();
    else this.#waiting.push(callback);
  }

  #settle(): void {
    if (this.#waiting.length > 0) for (const callback of this.#waiting.splice(0)) callback();
  }

  /** Requests on it. */
  get used(): number {
    return this.#users.length;
  }

  /** Reserves a place for a request and its further legs. */
  acquire(user: LineUser): void {
    this.#users.push(user);
  }

  /** Gives the place back. */
  release(user: LineUser, listener: LineListener): void {
    const index = this.#users.indexOf(user);
    const last = this.#users.pop();
    if (last && last !== user) this.#users[index] = last;
    if (this.isFree) listener.onFree(this);
  }

  send(options: DispatchOptions, user: LineUser): void {
    const isReady = this.client.dispatch(options as never, user as never);
    // It is not ready for a request that it refuses either, but emits no `drain` for it. The user has left then.
    if (this.#users.includes(user)) this.#isBusy = !isReady;
  }

  /** Ends the connection; the requests on it get `error`. Resolves when it is closed. */
  async destroy(error: Error): Promise<void> {
    this.#isTaken = true;
    // undici's Client asserts, outside of any call of ours, that a destroyed HTTP/2 connection has no streams.
    if (this.#isH2) for (const user of [...this.#users]) user.abortOnLine(error);
    const closed = this.client.destroy(error);
    if (!this.#isHandedOver) this.connection.destroy(error);
    await closed;
  }
}
