/** The socket of a connection: its events and settings. */
import type { AsyncResource } from 'node:async_hooks';
import type { Duplex } from 'node:stream';

/**
 * Receives the events in its own async context; a socket's context is that of a listening server or of an agent's
 * earlier request.
 */
export interface TransportListener extends AsyncResource {
  chunk(bytes: Uint8Array): void;
  /** The socket has failed, ended or was closed; called more than once. */
  ended(cause?: unknown): void;
  /** Whether bytes are still expected. */
  readonly wanted: boolean;
}

const attached = Symbol('winwire.attached');

type AttachedDuplex = Duplex & { [attached]: TransportListener };

/** Writes small messages at once, and disables the socket's idle time-out. */
export function prepareTransport(socket: Duplex): Duplex {
  const net = socket as Duplex & { setNoDelay?(on: boolean): void; setTimeout?(milliseconds: number): void };
  net.setNoDelay?.(true);
  net.setTimeout?.(0);
  return socket;
}

/**
 * Starts to listen. The first bytes are reported on a later turn, so that code that awaits the connection can add its
 * listeners.
 */
export function attachTransport(transport: Duplex, head: Uint8Array, listener: TransportListener): void {
  (transport as AttachedDuplex)[attached] = listener;
  transport.on('error', onEnded).on('end', onEnded).on('close', onClosed);
  setImmediate(() => {
    if (!listener.wanted) return;
    if (head.length > 0) listener.runInAsyncScope(listener.chunk, listener, head);
    transport.on('data', onData);
  });
}

function onData(this: Duplex, bytes: Uint8Array): void {
  const listener = (this as AttachedDuplex)[attached];
  listener.runInAsyncScope(listener.chunk, listener, bytes);
}

function onEnded(this: Duplex, cause?: unknown): void {
  const listener = (this as AttachedDuplex)[attached];
  listener.runInAsyncScope(listener.ended, listener, cause);
}

/** An error of the socket was reported before. */
function onClosed(this: Duplex): void {
  onEnded.call(this);
}
