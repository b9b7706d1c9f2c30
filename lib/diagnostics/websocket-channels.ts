/**
 * The channels `winwire:websocket:…` of node:diagnostics_channel and their messages. A channel without subscribers
 * costs one check. Messages contain secrets of the program; subscribers must protect them.
 *
 * `Connection` is the class WebSocketConnection, which imports this file.
 */
import { tracingChannel } from 'node:diagnostics_channel';
import type { BackendName } from '../backend.ts';
import type { CloseInfo } from '../close-codes.ts';
import { typedChannel } from './typed-channel.ts';

/** `winwire:websocket:open`: the opening handshake is complete. */
export interface OpenMessage<Connection> {
  readonly connection: Connection;
  /** A client's URL, or the target of the request to a server (`/chat?room=1`). */
  readonly url: string;
}

/** `winwire:websocket:close`: the connection has ended, for any reason. */
export interface CloseMessage<Connection> extends CloseInfo {
  readonly connection: Connection;
}

/** `winwire:websocket:messageSent`: `send` has accepted a message or a fragment; it is part of the next write. */
export interface MessageSentMessage<Connection> {
  readonly connection: Connection;
  /** Text, or the caller's bytes, which may change after the subscriber returns. */
  readonly data: string | Uint8Array;
  readonly isBinary: boolean;
  /** `false` if more fragments of the message follow. */
  readonly isFinal: boolean;
}

/** `winwire:websocket:messageReceived`: a complete message has arrived. */
export interface MessageReceivedMessage<Connection> {
  readonly connection: Connection;
  /** Text, or the same Buffer that the receiver gets. */
  readonly data: string | Buffer;
  readonly isBinary: boolean;
}

/** `winwire:websocket:pingSent`: sent by `ping()` or by keep-alive. */
export interface PingSentMessage<Connection> {
  readonly connection: Connection;
}

/** `winwire:websocket:pingReceived`: the component has answered the pings of one chunk. */
export interface PingReceivedMessage<Connection> {
  readonly connection: Connection;
  /** The number of pings. */
  readonly count: number;
}

/** `winwire:websocket:pongReceived`: the peer has sent a pong. */
export interface PongReceivedMessage<Connection> {
  readonly connection: Connection;
  readonly payload: Buffer;
}

/** `winwire:websocket:error`: an opening handshake failed, or a connection ended without a close handshake. */
export interface ErrorMessage<Connection> {
  /** `undefined` if the handshake failed. */
  readonly connection: Connection | undefined;
  /** As in {@link OpenMessage}, if the handshake failed. */
  readonly url: string | undefined;
  readonly error: unknown;
}

/** `winwire:websocket:abort`: `abort()` ended the connection; `close` follows. */
export interface AbortMessage<Connection> {
  readonly connection: Connection;
  /** The argument of `abort`. */
  readonly reason: unknown;
}

/**
 * The message of the TracingChannel `winwire:websocket:connection` (`tracing:winwire:websocket:connection:start`, `:end`,
 * `:asyncStart`, `:asyncEnd`, `:error`), which spans `WebSocketConnection.connect` or `accept`: one object for all five.
 */
export interface OpeningTrace<Connection> {
  readonly role: 'client' | 'server';
  /** As in {@link OpenMessage}. */
  readonly url: string;
  /** The `backend` option; `undefined` for the default. */
  readonly backend: BackendName | undefined;
  /** The sub-protocols that a client offers, or the one that the server has chosen. */
  readonly subprotocols: readonly string[];
  /** Set in `asyncStart` and `asyncEnd` after success. */
  readonly result?: Connection;
  /** Set in `error`, and in `asyncStart` and `asyncEnd` after a failure. */
  readonly error?: unknown;
}

const opened = typedChannel<OpenMessage<object>>('winwire:websocket:open');
const closed = typedChannel<CloseMessage<object>>('winwire:websocket:close');
const pingSent = typedChannel<PingSentMessage<object>>('winwire:websocket:pingSent');
const pingReceived = typedChannel<PingReceivedMessage<object>>('winwire:websocket:pingReceived');
const pongReceived = typedChannel<PongReceivedMessage<object>>('winwire:websocket:pongReceived');
const failed = typedChannel<ErrorMessage<object>>('winwire:websocket:error');
const aborted = typedChannel<AbortMessage<object>>('winwire:websocket:abort');
const opening = tracingChannel<unknown, OpeningTrace<object>>('winwire:websocket:connection');

type Open<Connection> = () => Promise<Connection>;

/** The options that the trace of a handshake contains. */
interface OpeningOptions {
  readonly backend?: BackendName | undefined;
  readonly subprotocol?: string | undefined;
  readonly subprotocols?: readonly string[] | undefined;
}

/** Published by code that checks `hasSubscribers` once for many messages. */
export const messageSent = typedChannel<MessageSentMessage<object>>('winwire:websocket:messageSent');
export const messageReceived = typedChannel<MessageReceivedMessage<object>>('winwire:websocket:messageReceived');

/** Traces the opening handshake of a client. */
export function traceConnect<Connection extends object>(
  url: string | URL,
  options: OpeningOptions,
  open: Open<Connection>,
): Promise<Connection> {
  // A value that is not an object is rejected inside the trace.
  const { backend, subprotocols = [] } = options ?? {};
  // Of anything else a conversion could throw; it is rejected within the trace.
  const text = typeof url === 'string' || url instanceof URL ? String(url) : '';
  return trace({ role: 'client', url: text, backend, subprotocols }, open);
}

/** Traces the opening handshake of a server. */
export function traceAccept<Connection extends object>(
  request: { readonly url?: string | undefined },
  options: OpeningOptions,
  open: Open<Connection>,
): Promise<Connection> {
  const { backend, subprotocol } = options ?? {};
  const subprotocols = subprotocol === undefined ? [] : [subprotocol];
  return trace({ role: 'server', url: request?.url ?? '', backend, subprotocols }, open);
}

async function trace<Connection extends object>(
  context: OpeningTrace<Connection>,
  open: Open<Connection>,
): Promise<Connection> {
  const { url } = context;
  try {
    const connection = await (opening.hasSubscribers ? opening.tracePromise(open, context) : open());
    if (opened.hasSubscribers) opened.publish({ connection, url });
    return connection;
  } catch (error) {
    if (failed.hasSubscribers) failed.publish({ connection: undefined, url, error });
    throw error;
  }
}

/** Publishes how a connection has ended. */
export function publishEnd(connection: object, info: CloseInfo, failure: unknown): void {
  const { code, cause } = (failure ?? {}) as { code?: unknown; cause?: unknown };
  if (code === 'ERR_WEBSOCKET_ABORTED') {
    if (aborted.hasSubscribers) aborted.publish({ connection, reason: cause });
  } else if (failure !== undefined && failed.hasSubscribers) {
    failed.publish({ connection, url: undefined, error: failure });
  }
  if (closed.hasSubscribers) closed.publish({ connection, ...info });
}

export function publishMessageReceived(connection: object, data: string | Buffer): void {
  messageReceived.publish({ connection, data, isBinary: typeof data !== 'string' });
}

export function publishPingSent(connection: object): void {
  if (pingSent.hasSubscribers) pingSent.publish({ connection });
}

export function publishPingsReceived(connection: object, count: number): void {
  if (pingReceived.hasSubscribers) pingReceived.publish({ connection, count });
}

export function publishPongReceived(connection: object, payload: Buffer): void {
  if (pongReceived.hasSubscribers) pongReceived.publish({ connection, payload });
}
