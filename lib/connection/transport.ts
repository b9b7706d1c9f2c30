/** The socket under a connection: what it tells, and the settings that suit a conversation. */
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

/** Begins to listen. The first bytes are told on a later turn, when whoever awaits the connection can listen too. */
export function attachTransport(transport: Duplex, head: Uint8Array, listener: TransportListener): void {
  transport.on('error', (error) => listener.failed(error));
  transport.on('end', () => listener.ended());
  transport.on('close', () => listener.ended());
  setImmediate(() => {
    if (!listener.wanted()) return;
    if (head.length > 0) listener.chunk(head);
    transport.on('data', (chunk: Buffer) => listener.chunk(chunk));
  });
}
