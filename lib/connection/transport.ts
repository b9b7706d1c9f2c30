/** The socket under a connection: what it tells, and the settings that suit a conversation. */
import { AsyncResource } from 'node:async_hooks';
import type { Duplex } from 'node:stream';

export interface TransportListener {
  chunk(bytes: Uint8Array): void;
  failed(error: unknown): void;
  /** It has ended or was closed; told more than once. */
  ended(): void;
  /** Whether bytes are still wanted. */
  wanted(): boolean;
}

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
  const ended = () => context.runInAsyncScope(listener.ended, listener);
  const chunk = (bytes: Uint8Array) => context.runInAsyncScope(listener.chunk, listener, bytes);
  transport.on('error', (error) => context.runInAsyncScope(listener.failed, listener, error));
  transport.on('end', ended);
  transport.on('close', ended);
  setImmediate(() => {
    if (!listener.wanted()) return;
    if (head.length > 0) chunk(head);
    transport.on('data', chunk);
  });
  return context;
}
