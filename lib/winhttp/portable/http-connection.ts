/** Connections, kept alive for the whole process: request objects share them. */
import type { Socket } from 'node:net';
import { servesOnly } from '../../auth/authenticated-sockets.ts';
import type { ResponseHead } from '../../http1/response-head.ts';
import type { ConnectTimes } from '../request-object.ts';
import type { Peer } from './transport-failure.ts';

/** How long an idle connection is kept, unless the server announces less. */
const IDLE_LIMIT = 60_000;
/** If a server announces its time-out, its connections are not used in the last second. */
const IDLE_MARGIN = 1000;
/** Maximum number of idle connections per server. */
const MAX_IDLE = 256;
/** A connection that ends this soon after a response was closed because of it; milliseconds. */
const CLOSED_SOON = 100;
/**
 * The first reuse of a connection by a request that cannot be repeated waits this many milliseconds for a late close.
 */
const FIRST_REUSE_DELAY = 10;
const MAX_CLOSERS = 1000;

/** Receives what arrives on a connection. */
export interface ConnectionReader {
  onBytes(bytes: Buffer): void;
  /** The other side has closed the connection, or it failed. */
  onClosed(error: Error | undefined): void;
}

/** A connection with one server or proxy, for one exchange at a time. */
export class Connection {
  readonly key: string;
  readonly socket: Socket;
  readonly peer: Peer;
  /** The identities that may have authenticated it. */
  readonly identities: readonly string[];
  /** Number of exchanges on it: after the first the other side may close it at any time. */
  uses = 0;
  /** The times of opening it, until they are reported. */
  times: ConnectTimes | undefined;
  #reader: ConnectionReader | undefined;
  #idleTimer: NodeJS.Timeout | undefined;
  #idleSince = 0;

  constructor(key: string, socket: Socket, times: ConnectTimes, peer: Peer, identities: readonly string[] = []) {
    this.key = key;
    this.peer = peer;
    this.identities = identities;
    this.socket = socket;
    this.times = times;
    socket.on('data', (bytes: Buffer) => {
      // A server that sends unrequested bytes cannot be trusted with the next request.
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

  /** The reader gets no further calls. */
  detach(): void {
    this.#reader = undefined;
  }

  /** Closes the connection at once. */
  destroy(): void {
    this.detach();
    this.socket.destroy();
  }

  /** Waits for the next exchange of the same request. */
  hold(): void {
    this.uses++;
    this.#idleSince = performance.now();
    this.detach();
    this.socket.resume();
  }

  /** Waits for the next exchange. */
  startIdle(limit: number): void {
    this.hold();
    this.socket.unref();
    this.#idleTimer = setTimeout(() => this.destroy(), limit).unref();
  }

  /** Whether the server has kept it after a response before. */
  get isProven(): boolean {
    return this.uses > 1;
  }

  /**
   * Calls back after the event loop has polled: the server may have closed the connection, with the end of the stream
   * still in the kernel. `isRepeatable`: the request can be sent again after a late close.
   */
  whenPolled(isRepeatable: boolean, callback: () => void): void {
    const isFirst = this.uses === 1 && !isRepeatable;
    const delay = isFirst ? FIRST_REUSE_DELAY - (performance.now() - this.#idleSince) : 0;
    // The first callback may run in the current turn, the second runs after the poll of the next.
    const poll = () => setImmediate(() => setImmediate(callback));
    if (delay > 0) setTimeout(poll, delay);
    else poll();
  }

  #close(error: Error | undefined): void {
    clearTimeout(this.#idleTimer);
    if (this.uses > 0 && performance.now() - this.#idleSince < CLOSED_SOON) noteCloser(this.key);
    forget(this);
    const reader = this.#reader;
    this.destroy();
    reader?.onClosed(error);
  }
}

const idle = new Map<string, Connection[]>();

/** Returns the idle connection that was used last. */
export function takeIdle(key: string): Connection | undefined {
  const connections = idle.get(key);
  for (let connection = connections?.pop(); connection; connection = connections?.pop()) {
    if (!connection.isLost) return connection;
  }
  return undefined;
}

/** Makes the connection available to the next request. `head` is that of its last response. */
export function releaseConnection(connection: Connection, head: ResponseHead): void {
  const limit = idleLimit(head);
  const connections = idle.get(connection.key);
  // The user may have changed while the connection was authenticated: its key has the earlier one.
  const isForeign = !servesOnly(connection.socket, connection.identities);
  if (
    connection.isLost ||
    isForeign ||
    limit <= 0 ||
    isCloser(connection.key) ||
    (connections && connections.length >= MAX_IDLE)
  ) {
    connection.destroy();
    return;
  }
  connection.startIdle(limit);
  if (connections) connections.push(connection);
  else idle.set(connection.key, [connection]);
}

/** Servers that closed a connection right after a response without announcing it, and when. */
const closers = new Map<string, number>();

function noteCloser(key: string): void {
  closers.delete(key);
  closers.set(key, performance.now());
  const [oldest] = closers.keys();
  if (closers.size > MAX_CLOSERS && oldest !== undefined) closers.delete(oldest);
}

/** For a while such a server gets a new connection per request, because reusing one could race with its close. */
function isCloser(key: string): boolean {
  const since = closers.get(key);
  return since !== undefined && performance.now() - since < IDLE_LIMIT;
}

/** See forgetServers. */
export const forgetClosers = (): void => closers.clear();

/** Returns the idle time that the server announces: `Keep-Alive: timeout=5`. */
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
