/**
 * Connections, kept alive for the whole process: a second object uses what a first one has opened. Each has an undici
 * Client of its own, so that the socket of every exchange is known. Only that class of undici is loaded: its index
 * would set the global dispatcher, which is fetch's.
 */
import type { Socket } from 'node:net';
import type { Client as UndiciClient } from 'undici';
// @ts-expect-error undici declares the types of its index only.
import UntypedClient from 'undici/lib/dispatcher/client.js';
import type { ConnectTimes } from '../request-object.ts';
import { Wire } from './wire.ts';

const Client = UntypedClient as typeof UndiciClient;

/** How long an idle connection is kept, unless the server says less. */
const IDLE_LIMIT = 60_000;
/** How many idle connections are kept with one server. */
const MAX_IDLE = 256;

/** A connection with one server or proxy, for one exchange at a time. */
export class Connection {
  readonly key: string;
  readonly client: UndiciClient;
  readonly wire: Wire;
  /** An exchange has been done on it: the other side may close it at any moment. */
  isUsed = false;
  /** What opening it took, until that is told. */
  times: ConnectTimes | undefined;

  constructor(key: string, origin: string, socket: Socket, maxHeaderSize: number, times: ConnectTimes) {
    this.key = key;
    this.times = times;
    this.wire = new Wire(socket, maxHeaderSize);
    let isTaken = false;
    this.client = new Client(origin, {
      connect: (_options, callback) => {
        // Once only: a lost connection is replaced by another object of this class.
        const error = isTaken ? new Error('the connection is lost') : undefined;
        isTaken = true;
        queueMicrotask(() => (error ? callback(error, null) : callback(null, socket)));
      },
      pipelining: 1,
      // undici wants some: with one byte no head fits, as with none.
      maxHeaderSize: Math.max(1, maxHeaderSize),
      keepAliveTimeout: IDLE_LIMIT,
      keepAliveMaxTimeout: IDLE_LIMIT,
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    // Faults of an idle connection are nobody's.
    socket.on('error', () => {});
    socket.once('close', () => {
      forget(this);
      queueMicrotask(() => this.client.destroy().catch(() => {}));
    });
  }

  get isLost(): boolean {
    return this.wire.socket.destroyed;
  }

  /** Closes the connection at once. */
  destroy(): void {
    this.wire.socket.destroy();
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

/** The exchange is over; who comes next may use the connection. */
export function giveBack(connection: Connection): void {
  connection.isUsed = true;
  if (connection.isLost) return;
  const connections = idle.get(connection.key);
  if (!connections) idle.set(connection.key, [connection]);
  else if (connections.length < MAX_IDLE) connections.push(connection);
  else connection.destroy();
}

function forget(connection: Connection): void {
  const connections = idle.get(connection.key);
  if (!connections) return;
  const index = connections.indexOf(connection);
  if (index >= 0) connections.splice(index, 1);
  if (connections.length === 0) idle.delete(connection.key);
}
