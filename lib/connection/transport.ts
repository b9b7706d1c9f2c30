/** The socket under a connection: what it tells, and the settings that suit a conversation. */
import { AsyncResource } from 'node:async_hooks';
import type { Duplex } from 'node:stream';

export interface TransportListener {
  chunk(bytes: Uint8Array): void;
  /** It has failed, ended or was closed; told more than once. */
  ended(cause?: unknown): void;
  /** Whether bytes are still wanted. */
  readonly wanted: boolean;
}

interface Attachment {
  readonly listener: TransportListener;
  readonly context: AsyncResource;
}

const attachment = Symbol('winwire.attachment');

type AttachedDuplex = Duplex & { [attachment]: Attachment };

/** Small writes go at once, and silence is not an error of the socket. */
export function prepareTransport(socket: Duplex): Duplex {
  const net = socket as Duplex & { setNoDelay?(on: boolean): void; setTimeout?(milliseconds: number): void };
  net.setNoDelay?.(true);
  net.setTimeout?.(0);
  return socket;
}

/**
 * Begins to listen. The first bytes are told on a later turn, when whoever awaits the connection can listen too. What is
 * told is told in the async context of this call, which is returned: a socket's own is that of a listening server or of
 * an agent's earlier request.
 */
export function attachTransport(transport: Duplex, head: Uint8Array, listener: TransportListener): AsyncResource {
  const context = new AsyncResource('winwire.WebSocketConnection');
  (transport as AttachedDuplex)[attachment] = { listener, context };
  transport.on('error', onEnded).on('end', onEnded).on('close', onClosed);
  setImmediate(() => {
    if (!listener.wanted) return;
    if (head.length > 0) context.runInAsyncScope(listener.chunk, listener, head);
    transport.on('data', onData);
  });
  return context;
}

function onData(this: Duplex, bytes: Uint8Array): void {
  const { listener, context } = (this as AttachedDuplex)[attachment];
  context.runInAsyncScope(listener.chunk, listener, bytes);
}

function onEnded(this: Duplex, cause?: unknown): void {
  const { listener, context } = (this as AttachedDuplex)[attachment];
  context.runInAsyncScope(listener.ended, listener, cause);
}

/** A socket says whether it had an error, which was told before. */
function onClosed(this: Duplex): void {
  onEnded.call(this);
}
