/** The connections of a dispatcher to one origin, and the requests that wait for one. */
import type { NetworkConnection } from '../tunnel/network-connection.ts';
import { authenticated } from '../tunnel/ready-connection.ts';
import { type ClientOptions, ConnectionGone, Line, lineOn } from './client-line.ts';
import { hasBody } from './dispatch-options.ts';
import type { Exchange, Waiting } from './exchange.ts';
import { type ClientClass, loadClient } from './undici-parts.ts';

/** What a pool needs of its dispatcher. */
export interface PoolOwner {
  readonly clientOptions: ClientOptions;
  /** Maximum number of connections to an origin. */
  readonly connections: number;
  open(pool: OriginPool, signal: AbortSignal): Promise<NetworkConnection>;
  onConnect(pool: OriginPool, line: Line): void;
  onDisconnect(pool: OriginPool, line: Line, error: Error): void;
  onConnectionError(pool: OriginPool, error: Error): void;
  onDrain(pool: OriginPool): void;
  onEnded(pool: OriginPool): void;
}

/** Figures of a pool, as undici's Pool reports them. */
export interface PoolStats {
  /** Open connections. */
  readonly connected: number;
  /** Open connections that may take a request. */
  readonly free: number;
  /** Requests that were not sent yet. */
  readonly pending: number;
  /** Requests that wait for a connection. */
  readonly queued: number;
  /** Requests under way. */
  readonly running: number;
  /** All requests. */
  readonly size: number;
}

/** What makes connections of one origin interchangeable. */
export interface PoolTarget {
  readonly url: URL;
  /** As text. */
  readonly origin: string;
  readonly isSecure: boolean;
  /** The connection becomes the caller's socket, and so goes through a tunnel also for http:. */
  readonly isUpgrade: boolean;
  readonly allowH2: boolean;
  /** The name in TLS, if the caller names another one than the origin's. */
  readonly servername: string | undefined;
}

/** The age in milliseconds from which an unused connection is replaced, because the settings may have changed. */
const MAX_AGE = 60_000;

export class OriginPool implements Waiting {
  readonly target: PoolTarget;
  /** The network keeps connections apart by this object: those of this pool are its own. */
  readonly tcp = {};
  readonly #owner: PoolOwner;
  readonly #queue: Exchange[] = [];
  readonly #lines = new Set<Line>();
  /** Lines that may take a request; also some that were lost since. */
  readonly #free: Line[] = [];
  readonly #attempts = new Set<AbortController>();
  #running = 0;
  #needsDrain = false;
  #isH2: boolean | undefined;

  constructor(target: PoolTarget, owner: PoolOwner) {
    this.target = target;
    this.#owner = owner;
    if (!target.allowH2 || target.url.protocol !== 'https:') this.#isH2 = false;
  }

  /** Begins an exchange. Returns whether the caller may go on; else the dispatcher emits `drain` later. */
  add(exchange: Exchange): boolean {
    this.#running++;
    exchange.start();
    if (!exchange.isEnded) this.enqueue(exchange);
    if (this.#queue.length > 0 && !this.#hasRoom) this.#needsDrain = true;
    return !this.#needsDrain;
  }

  enqueue(exchange: Exchange): void {
    const line = this.#takeFree();
    if (line) {
      this.#assign(exchange, line);
    } else {
      this.#queue.push(exchange);
      this.#openMore();
    }
  }

  leave(exchange: Exchange): void {
    remove(this.#queue, exchange);
    for (const attempt of [...this.#attempts].slice(this.#queue.length)) {
      this.#attempts.delete(attempt);
      attempt.abort();
    }
  }

  reopen(exchange: Exchange, lease: NetworkConnection, signal: AbortSignal): void {
    // An end without an error is for undici the end of the response.
    const left = new Error('the authentication continues on another connection');
    const needsToken = hasBody(exchange.options) && lease.proxyAuth?.bindsConnection === true;
    const reopened = lease.reopen(signal, left);
    const opening = needsToken ? reopened.then((connection) => this.#authenticate(connection, signal)) : reopened;
    Promise.all([loadClient(), opening]).then(
      ([Client, connection]) => {
        if (exchange.isEnded) connection.destroy();
        else exchange.assign(this.#lineFor(Client, connection), connection);
      },
      (error: Error) => exchange.fail(error),
    );
  }

  giveBack(line: Line, lease: NetworkConnection, isComplete: boolean): void {
    if (!lease.isPersonal) return;
    if (!isComplete) lease.destroy(new ConnectionGone());
    else line.whenSettled(() => this.#release(line, lease));
  }

  onEnded(): void {
    this.#running--;
    this.#owner.onEnded(this);
  }

  onFree(line: Line): void {
    while (line.isFree) {
      const next = this.#queue.shift();
      if (!next) break;
      this.#assign(next, line);
    }
    if (!line.isFree) return;
    if (!this.#free.includes(line)) this.#free.push(line);
    if (!this.#needsDrain) return;
    this.#needsDrain = false;
    this.#owner.onDrain(this);
  }

  onGone(line: Line, error: Error): void {
    this.#lines.delete(line);
    remove(this.#free, line);
    this.#owner.onDisconnect(this, line, error);
    this.#openMore();
    this.#owner.onEnded(this);
  }

  /** Nothing is under way and nothing is kept. */
  get isUnused(): boolean {
    return this.#running === 0 && this.#lines.size === 0 && this.#attempts.size === 0;
  }

  get isIdle(): boolean {
    return this.#running === 0;
  }

  get stats(): PoolStats {
    const used = [...this.#lines].reduce((sum, line) => sum + line.used, 0);
    return {
      connected: this.#lines.size,
      free: this.#free.filter((line) => line.isFree).length,
      pending: this.#queue.length,
      queued: this.#queue.length,
      running: used,
      size: this.#queue.length + used,
    };
  }

  /** Ends everything; what is under way gets `error`. Resolves when the connections are closed. */
  async destroy(error: Error): Promise<void> {
    for (const exchange of [...this.#queue]) exchange.fail(error);
    await Promise.all([...this.#lines].map((line) => line.destroy(error)));
  }

  get #hasRoom(): boolean {
    return this.#lines.size + this.#attempts.size < this.#owner.connections;
  }

  #takeFree(): Line | undefined {
    for (;;) {
      const [line] = this.#free;
      if (!line || (line.isFree && performance.now() - line.openedAt < MAX_AGE)) return line;
      this.#free.shift();
      if (line.used === 0) void line.destroy(new ConnectionGone());
    }
  }

  #assign(exchange: Exchange, line: Line): void {
    exchange.assign(line, line.connection);
    if (!line.isFree) remove(this.#free, line);
  }

  #release(line: Line, lease: NetworkConnection): void {
    if (line.isGone) lease.destroy();
    else lease.release();
    this.#openMore();
  }

  #openMore(): void {
    if (this.#queue.length === 0) return;
    // A connection whose request has just ended is free within a turn of the event loop.
    let needed = this.#queue.length;
    for (const line of this.#lines) if (line.isSettling) needed--;
    // Until a server is known to speak HTTP/1.1 only, one connection may serve all.
    const limit = this.#isH2 === false ? needed : Math.min(needed, 1);
    while (this.#attempts.size < limit && this.#hasRoom) this.#openOne();
  }

  #openOne(): void {
    const attempt = new AbortController();
    this.#attempts.add(attempt);
    this.#connect(attempt.signal).then(
      ([Client, connection]) => {
        if (!this.#attempts.delete(attempt)) return connection.destroy();
        this.#onOpen(Client, connection);
      },
      (error: Error) => {
        if (this.#attempts.delete(attempt)) this.#onFailed(error);
      },
    );
  }

  #connect(signal: AbortSignal): Promise<[ClientClass, NetworkConnection]> {
    return Promise.all([loadClient(), this.#open(signal)]);
  }

  async #open(signal: AbortSignal): Promise<NetworkConnection> {
    const connection = await this.#owner.open(this, signal);
    const isBodyNext = [...this.#queue].some(({ options }) => hasBody(options));
    if (connection.isReused || !isBodyNext || !(await connection.proxyAuth?.needsToken())) return connection;
    return this.#authenticate(connection, signal);
  }

  /** The legs of an authentication would send a body again and again: the proxy knows the user before it. */
  #authenticate(connection: NetworkConnection, signal: AbortSignal): Promise<NetworkConnection> {
    const { origin, host } = this.target.url;
    return authenticated(connection, { origin, host, signal });
  }

  #onOpen(Client: ClientClass, connection: NetworkConnection): void {
    this.#isH2 = this.target.allowH2 && connection.protocol === 'h2';
    const [first] = this.#queue;
    if (first === undefined) {
      connection.release();
      return;
    }
    const line = this.#lineFor(Client, connection);
    if (connection.isPersonal) {
      this.#queue.shift();
      first.assign(line, connection);
    } else {
      this.onFree(line);
    }
    this.#openMore();
  }

  #lineFor(Client: ClientClass, connection: NetworkConnection): Line {
    const known = lineOn(connection);
    if (known && !known.isGone) return known;
    const line = new Line(Client, this.target.url.origin, connection, this.#owner.clientOptions, this);
    this.#lines.add(line);
    this.#owner.onConnect(this, line);
    return line;
  }

  #onFailed(error: Error): void {
    const [first] = this.#queue;
    this.#owner.onConnectionError(this, error);
    first?.fail(error);
    this.#openMore();
    this.#owner.onEnded(this);
  }
}

function remove<T>(list: T[], item: T): void {
  const index = list.indexOf(item);
  if (index >= 0) list.splice(index, 1);
}
