/** Connections, kept alive for the whole process: a second object uses what a first one has opened. */
import type { Socket } from 'node:net';
import type { ResponseHead } from '../../http1/response-head.ts';
import type { ConnectTimes } from '../request-object.ts';

/** How long an idle connection is kept, unless the server says less. */
const IDLE_LIMIT = 60_000;
/** A server that says how long it waits is not asked in its last second. */
const IDLE_MARGIN = 1000;
/** How many idle connections are kept with one server. */
const MAX_IDLE = 256;
/** A connection that ends so soon behind a response was closed because of it, in milliseconds. */
const CLOSED_SOON = 100;
/** The first reuse of a connection by a request that cannot be repeated waits so many milliseconds for its end. */
const FIRST_REUSE_DELAY = 10;
const MAX_CLOSERS = 1000;

/** Reads what comes on a connection. */
export interface ConnectionReader {
  onBytes(bytes: Buffer): void;
  /** The other side has closed the connection, or it broke. */
  onClosed(error: Error | undefined): void;
}

/** A connection with one server or proxy, for one exchange at a time. */
export class Connection {
  readonly key: string;
  readonly socket: Socket;
  /** How many exchanges have been done on it: after one the other side may close it at any moment. */
  uses = 0;
  /** What opening it took, until that is told. */
  times: ConnectTimes | undefined;
  #reader: ConnectionReader | undefined;
  #idleTimer: NodeJS.Timeout | undefined;
  #restingSince = 0;

  constructor(key: string, socket: Socket, times: ConnectTimes) {
    this.key = key;
    this.socket = socket;
    this.times = times;
    socket.on('data', (bytes: Buffer) => {
      // A server that says something without being asked cannot be trusted with the next request.
      if (this.#reader) this.#reader.onBytes(bytes);
      else this.destroy();
    });
    socket.on('end', () => this.#close(undefined));
    socket.on('error', (error) => this.#close(error));
    socket.on('close', () => this.#close(undefined));
  }

  get isLost(): boolean {
    return this.socket.destroyed;
  }

  /** Begins an exchange. */
  attach(reader: ConnectionReader): void {
    clearTimeout(this.#idleTimer);
    this.#reader = reader;
    this.socket.ref();
  }

  /** The reader is told nothing more. */
  detach(): void {
    this.#reader = undefined;
  }

  /** Closes the connection at once. */
  destroy(): void {
    this.detach();
    this.socket.destroy();
  }

  /** Waits for the next exchange. */
  rest(limit: number): void {
    this.uses++;
    this.#restingSince = performance.now();
    this.detach();
    this.socket.resume();
    this.socket.unref();
    this.#idleTimer = setTimeout(() => this.destroy(), limit).unref();
  }

  /**
   * Calls back once the event loop has polled: a server may have closed the connection without saying so in advance, and
   * the end of the stream still lies in the kernel. `isRepeatable`: the request may be sent again if it comes later.
   */
  whenPolled(isRepeatable: boolean, callback: () => void): void {
    const isFirst = this.uses === 1 && !isRepeatable;
    const delay = isFirst ? FIRST_REUSE_DELAY - (performance.now() - this.#restingSince) : 0;
    // The first one may run in the present turn, the second one runs behind the poll of the next.
    const poll = () => setImmediate(() => setImmediate(callback));
    if (delay > 0) setTimeout(poll, delay);
    else poll();
  }

  #close(error: Error | undefined): void {
    clearTimeout(this.#idleTimer);
    if (this.uses > 0 && performance.now() - this.#restingSince < CLOSED_SOON) noteCloser(this.key);
    forget(this);
    const reader = this.#reader;
    this.destroy();
    reader?.onClosed(error);
  }
}

const idle = new Map<string, Connection[]>();

/** An idle connection, the one that was used last. */
export function takeIdle(key: string): Connection | undefined {
  const connections = idle.get(key);
  for (let connection = connections?.pop(); connection; connection = connections?.pop()) {
    if (!connection.isLost) return connection;
  }
  return undefined;
}

/** The exchange is over; the next request may use the connection. `head` is that of its response. */
export function giveBack(connection: Connection, head: ResponseHead): void {
  const limit = idleLimit(head);
  const connections = idle.get(connection.key);
  if (connection.isLost || limit <= 0 || isCloser(connection.key) || (connections && connections.length >= MAX_IDLE)) {
    connection.destroy();
    return;
  }
  connection.rest(limit);
  if (connections) connections.push(connection);
  else idle.set(connection.key, [connection]);
}

/** Servers that closed a connection right behind a response without saying so, and when. */
const closers = new Map<string, number>();

function noteCloser(key: string): void {
  closers.delete(key);
  closers.set(key, performance.now());
  const [oldest] = closers.keys();
  if (closers.size > MAX_CLOSERS && oldest !== undefined) closers.delete(oldest);
}

/** For a while such a server gets a new connection for each request: the next one could cross with the end of the old. */
function isCloser(key: string): boolean {
  const since = closers.get(key);
  return since !== undefined && performance.now() - since < IDLE_LIMIT;
}

/** What the server says of its patience: `Keep-Alive: timeout=5`. */
function idleLimit(head: ResponseHead): number {
  const seconds = /\btimeout\s*=\s*(\d+)/i.exec(head.first('keep-alive') ?? '')?.[1];
  return seconds === undefined ? IDLE_LIMIT : Math.min(IDLE_LIMIT, Number(seconds) * 1000 - IDLE_MARGIN);
}

function forget(connection: Connection): void {
  const connections = idle.get(connection.key);
  if (!connections) return;
  const index = connections.indexOf(connection);
  if (index >= 0) connections.splice(index, 1);
  if (connections.length === 0) idle.delete(connection.key);
}
