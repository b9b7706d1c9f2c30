/** Types of a connection: options, events, statistics, and what an opening handshake hands over. */
import type { Duplex } from 'node:stream';
import type { BackendName } from '../../backend.ts';
import type { CloseInfo } from '../../close-codes.ts';
import type { Message } from './inbox.ts';
import type { ConnectionLimits } from './limits.ts';
import type { MakePump } from './native-pump.ts';

/** What a connection has carried so far. */
export interface ConnectionStatistics {
  readonly messagesSent: number;
  readonly messagesReceived: number;
  /** Bytes written to and read from the transport, frames and all. */
  readonly wireBytesSent: number;
  readonly wireBytesReceived: number;
  /** Pings of the peer that were answered. */
  readonly pingsAnswered: number;
  readonly pongsReceived: number;
}

/** Bytes that can be sent: any view, ArrayBuffer or SharedArrayBuffer. */
export type SendableBytes = ArrayBufferView | ArrayBufferLike;

/** What `send` takes: text, bytes, a Blob, or fragments of one message, all text or all bytes. */
export type Sendable =
  | string
  | SendableBytes
  | Blob
  | AsyncIterable<string | SendableBytes>
  | Iterable<string | SendableBytes>;

/** Options of WebSocketConnection.send. */
export interface SendOptions {
  /** Ends the wait. What was handed over is sent all the same; of an iterable, no further fragment is asked for. */
  readonly signal?: AbortSignal | undefined;
  /** `false`: the bytes are UTF-8 and go as text. */
  readonly binary?: boolean | undefined;
}

/** Options of what waits. */
export interface WaitOptions {
  /** Ends the wait, and only that. */
  readonly signal?: AbortSignal | undefined;
}

/** Events of a connection, for people who prefer them to promises. */
export interface ConnectionEvents {
  /** Messages go here while someone listens, and to `receive` and iteration otherwise. */
  message: [message: Message, isBinary: boolean];
  pong: [payload: Buffer];
  /** The peer has begun to close. */
  closing: [code: number, reason: string];
  /** Emitted only where someone listens; `close` follows. */
  error: [error: unknown];
  close: [info: CloseInfo];
}

/** What a finished opening handshake hands over. */
export interface ConnectionParts {
  readonly transport: Duplex;
  /** Bytes that came behind the handshake. */
  readonly head: Uint8Array;
  readonly makePump: MakePump;
  readonly role: 'client' | 'server';
  readonly backend: BackendName;
  readonly subprotocol: string;
  readonly limits: ConnectionLimits;
  readonly keepAliveInterval: number;
  /** Holds the connection while it lives. */
  readonly clients?: Set<object> | undefined;
}
