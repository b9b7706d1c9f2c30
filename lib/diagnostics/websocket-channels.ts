/** The channels `winwire:websocket:…` of node:diagnostics_channel: one that nobody subscribes to costs a look at it. */
import { tracingChannel } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import type { AcceptOptions } from '../websocket/connection/accept.ts';
import type { ConnectOptions } from '../websocket/connection/connect.ts';
import type { CloseInfo } from '../websocket/connection/connection-types.ts';
import type { WebSocketConnection } from '../websocket/connection/websocket-connection.ts';
import { typedChannel } from './typed-channel.ts';
import type {
  WebSocketAbortMessage,
  WebSocketCloseMessage,
  WebSocketConnectionTrace,
  WebSocketErrorMessage,
  WebSocketMessageReceivedMessage,
  WebSocketMessageSentMessage,
  WebSocketOpenMessage,
  WebSocketPingReceivedMessage,
  WebSocketPingSentMessage,
  WebSocketPongReceivedMessage,
} from './websocket-messages.ts';

const opened = typedChannel<WebSocketOpenMessage>('winwire:websocket:open');
const closed = typedChannel<WebSocketCloseMessage>('winwire:websocket:close');
const pingSent = typedChannel<WebSocketPingSentMessage>('winwire:websocket:pingSent');
const pingReceived = typedChannel<WebSocketPingReceivedMessage>('winwire:websocket:pingReceived');
const pongReceived = typedChannel<WebSocketPongReceivedMessage>('winwire:websocket:pongReceived');
const failed = typedChannel<WebSocketErrorMessage>('winwire:websocket:error');
const aborted = typedChannel<WebSocketAbortMessage>('winwire:websocket:abort');
const opening = tracingChannel<unknown, WebSocketConnectionTrace>('winwire:websocket:connection');

type Open = () => Promise<WebSocketConnection>;

/** Published by those who have looked at `hasSubscribers` once for many messages. */
export const messageSent = typedChannel<WebSocketMessageSentMessage>('winwire:websocket:messageSent');
export const messageReceived = typedChannel<WebSocketMessageReceivedMessage>('winwire:websocket:messageReceived');

/** Traces the opening handshake of a client. */
export function traceConnect(url: string | URL, options: ConnectOptions, open: Open): Promise<WebSocketConnection> {
  // What is no object is refused within the trace.
  const { backend, subprotocols = [] } = options ?? {};
  return trace({ role: 'client', url: String(url), backend, subprotocols }, open);
}

/** Traces the opening handshake of a server. */
export function traceAccept(
  request: IncomingMessage,
  options: AcceptOptions,
  open: Open,
): Promise<WebSocketConnection> {
  const { backend, subprotocol } = options ?? {};
  const subprotocols = subprotocol === undefined ? [] : [subprotocol];
  return trace({ role: 'server', url: request?.url ?? '', backend, subprotocols }, open);
}

async function trace(context: WebSocketConnectionTrace, open: Open): Promise<WebSocketConnection> {
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

/** Tells how a connection has ended. */
export function publishEnd(connection: WebSocketConnection, info: CloseInfo, failure: unknown): void {
  const { code, cause } = (failure ?? {}) as { code?: unknown; cause?: unknown };
  if (code === 'ERR_WEBSOCKET_ABORTED') {
    if (aborted.hasSubscribers) aborted.publish({ connection, reason: cause });
  } else if (failure !== undefined && failed.hasSubscribers) {
    failed.publish({ connection, url: undefined, error: failure });
  }
  if (closed.hasSubscribers) closed.publish({ connection, ...info });
}

export function publishMessageReceived(connection: WebSocketConnection, data: string | Buffer): void {
  messageReceived.publish({ connection, data, isBinary: typeof data !== 'string' });
}

export function publishPingSent(connection: WebSocketConnection): void {
  if (pingSent.hasSubscribers) pingSent.publish({ connection });
}

export function publishPingsReceived(connection: WebSocketConnection, count: number): void {
  if (pingReceived.hasSubscribers) pingReceived.publish({ connection, count });
}

export function publishPongReceived(connection: WebSocketConnection, payload: Buffer): void {
  if (pongReceived.hasSubscribers) pongReceived.publish({ connection, payload });
}
