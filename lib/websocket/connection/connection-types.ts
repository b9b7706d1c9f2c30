/** Types of a connection: options, events, statistics, and the result of an opening handshake. */
import type { Duplex } from 'node:stream';
import type { BackendName } from '../../backend.ts';
import type { CloseInfo } from '../../close-codes.ts';
import type { Message } from './inbox.ts';
import type { ConnectionLimits } from './limits.ts';
import type { MakePump } from './native-pump.ts';

/** Statistics of a connection. */
export interface ConnectionStatistics {
  readonly messagesSent: number;
  readonly messagesReceived: number;
  /** Bytes written to the transport and read from it, including frame headers. */
  readonly wireBytesSent: number;
  readonly wireBytesReceived: number;
  /** Number of the peer's pings that were answered. */
  readonly pingsAnswered: number;
  readonly pongsReceived: number;
}

/** Bytes that can be sent: any view, ArrayBuffer or SharedArrayBuffer. */
export type SendableBytes = ArrayBufferView | ArrayBufferLike;

/** Data that `send` accepts: text, bytes, a Blob, or fragments of one message, all text or all bytes. */
export type Sendable =
  | string
  | SendableBytes
  | Blob
  | AsyncIterable<string | SendableBytes>
  | Iterable<string | SendableBytes>;

/** Options of WebSocketConnection.send. */
export interface SendOptions {
  /** Ends the wait. Data that `send` has accepted is still sent; an iterable is not asked for further fragments. */
  readonly signal?: AbortSignal | undefined;
  /** `false` sends the bytes as text; they must be UTF-8. */
  readonly binary?: boolean | undefined;
}

/** Options of methods that wait. */
export interface WaitOptions {
  /** Ends the wait; it does not affect the connection. */
  readonly signal?: AbortSignal | undefined;
}

/** Events of a connection. */
export interface ConnectionEvents {
  /** A message has arrived. Without a listener messages go to `receive` and iteration. */
  message: [message: Message, isBinary: boolean];
  /** The peer has sent a pong. */
  pong: [payload: Buffer];
  /** The peer has started the closing handshake. */
  closing: [code: number, reason: string];
  /** The connection has failed; emitted only if there is a listener. `close` follows. */
  error: [error: unknown];
  /** The connection has ended; the last event. */
  close: [info: CloseInfo];
}

/** The result of a complete opening handshake. */
export interface ConnectionParts {
  readonly transport: Duplex;
  /** Bytes that followed the handshake. */
  readonly head: Uint8Array;
  readonly makePump: MakePump;
  readonly role: 'client' | 'server';
  readonly backend: BackendName;
  readonly subprotocol: string;
  readonly limits: ConnectionLimits;
  readonly keepAliveInterval: number;
  /** A set that contains the connection until it ends. */
  readonly clients?: Set<object> | undefined;
}
