/** The socket under a connection: its events and settings. */
import type { AsyncResource } from 'node:async_hooks';
import type { Duplex } from 'node:stream';

/** Told in its own context: a socket's is that of a listening server or of an agent's earlier request. */
export interface TransportListener extends AsyncResource {
  chunk(bytes: Uint8Array): void;
  /** It has failed, ended or was closed; told more than once. */
  ended(cause?: unknown): void;
  /** Whether bytes are still wanted. */
  readonly wanted: boolean;
}

const attached = Symbol('winwire.attached');

type AttachedDuplex = Duplex & { [attached]: TransportListener };

/** Small writes go at once, and silence is not an error of the socket. */
export function prepareTransport(socket: Duplex): Duplex {
  const net = socket as Duplex & { setNoDelay?(on: boolean): void; setTimeout?(milliseconds: number): void };
  net.setNoDelay?.(true);
  net.setTimeout?.(0);
  return socket;
}

/** Begins to listen. The first bytes are told on a later turn, when whoever awaits the connection can listen too. */
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

/** A socket says whether it had an error, which was told before. */
function onClosed(this: Duplex): void {
  onEnded.call(this);
}
