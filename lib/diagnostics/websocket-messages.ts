/**
 * What the channels `winwire:websocket:…` of node:diagnostics_channel tell. Messages hold what the program holds, secrets
 * included: a subscriber is a part of the program.
 */
import type { BackendName } from '../backend.ts';
import type { CloseInfo } from '../websocket/connection/connection-types.ts';
import type { WebSocketConnection } from '../websocket/connection/websocket-connection.ts';

/** `winwire:websocket:open`: the opening handshake is complete. */
export interface WebSocketOpenMessage {
  readonly connection: WebSocketConnection;
  /** Of a client the URL it has connected to, of a server the target of the request (`/chat?room=1`). */
  readonly url: string;
}

/** `winwire:websocket:close`: the connection has ended, whatever led to it. */
export interface WebSocketCloseMessage extends CloseInfo {
  readonly connection: WebSocketConnection;
}

/** `winwire:websocket:messageSent`: a message, or a fragment of one, was taken by `send`, and goes with the next write. */
export interface WebSocketMessageSentMessage {
  readonly connection: WebSocketConnection;
  /** Text, or bytes that are the caller's and may change as soon as the subscriber returns. */
  readonly data: string | Uint8Array;
  readonly isBinary: boolean;
  /** `false`: more fragments of the same message follow. */
  readonly isFinal: boolean;
}

/** `winwire:websocket:messageReceived`: a whole message came, and goes to whoever receives it next. */
export interface WebSocketMessageReceivedMessage {
  readonly connection: WebSocketConnection;
  /** Text, or the very Buffer that the receiver gets. */
  readonly data: string | Buffer;
  readonly isBinary: boolean;
}

/** `winwire:websocket:pingSent`: by `ping()` or to keep the connection alive. */
export interface WebSocketPingSentMessage {
  readonly connection: WebSocketConnection;
}

/** `winwire:websocket:pingReceived`: the component has answered pings of the peer, which came in one chunk. */
export interface WebSocketPingReceivedMessage {
  readonly connection: WebSocketConnection;
  /** How many. */
  readonly count: number;
}

/** `winwire:websocket:pongReceived`. */
export interface WebSocketPongReceivedMessage {
  readonly connection: WebSocketConnection;
  readonly payload: Buffer;
}

/** `winwire:websocket:error`: an opening handshake failed, or a connection ended by something else than a close. */
export interface WebSocketErrorMessage {
  /** `undefined`: it was never opened. */
  readonly connection: WebSocketConnection | undefined;
  /** As in {@link WebSocketOpenMessage}, where the handshake failed. */
  readonly url: string | undefined;
  readonly error: unknown;
}

/** `winwire:websocket:abort`: `abort()` ended the connection; `close` follows. */
export interface WebSocketAbortMessage {
  readonly connection: WebSocketConnection;
  /** What `abort` was given. */
  readonly reason: unknown;
}

/**
 * The message of the TracingChannel `winwire:websocket:connection` (`tracing:winwire:websocket:connection:start`, `:end`,
 * `:asyncStart`, `:asyncEnd`, `:error`), which spans `WebSocketConnection.connect` or `accept`: one object for all five.
 */
export interface WebSocketConnectionTrace {
  readonly role: 'client' | 'server';
  /** As in {@link WebSocketOpenMessage}. */
  readonly url: string;
  /** The backend that was asked for; `undefined` for the default. */
  readonly backend: BackendName | undefined;
  /** Of a client the sub-protocols it offers, of a server the one it has chosen. */
  readonly subprotocols: readonly string[];
  /** In `asyncStart` and `asyncEnd` of a success. */
  readonly result?: WebSocketConnection;
  /** In `error`, and in `asyncStart` and `asyncEnd` of a failure. */
  readonly error?: unknown;
}
