/** The messages of the channels `winwire:websocket:…` of node:diagnostics_channel, as subscribers receive them. */
import type {
  AbortMessage,
  CloseMessage,
  ErrorMessage,
  MessageReceivedMessage,
  MessageSentMessage,
  OpeningTrace,
  OpenMessage,
  PingReceivedMessage,
  PingSentMessage,
  PongReceivedMessage,
} from '../../diagnostics/websocket-channels.ts';
import type { WebSocketConnection } from './websocket-connection.ts';

/** The message of `winwire:websocket:open`. */
export type WebSocketOpenMessage = OpenMessage<WebSocketConnection>;

/** The message of `winwire:websocket:close`. */
export type WebSocketCloseMessage = CloseMessage<WebSocketConnection>;

/** The message of `winwire:websocket:messageSent`. */
export type WebSocketMessageSentMessage = MessageSentMessage<WebSocketConnection>;

/** The message of `winwire:websocket:messageReceived`. */
export type WebSocketMessageReceivedMessage = MessageReceivedMessage<WebSocketConnection>;

/** The message of `winwire:websocket:pingSent`. */
export type WebSocketPingSentMessage = PingSentMessage<WebSocketConnection>;

/** The message of `winwire:websocket:pingReceived`. */
export type WebSocketPingReceivedMessage = PingReceivedMessage<WebSocketConnection>;

/** The message of `winwire:websocket:pongReceived`. */
export type WebSocketPongReceivedMessage = PongReceivedMessage<WebSocketConnection>;

/** The message of `winwire:websocket:error`. */
export type WebSocketErrorMessage = ErrorMessage<WebSocketConnection>;

/** The message of `winwire:websocket:abort`. */
export type WebSocketAbortMessage = AbortMessage<WebSocketConnection>;

/** The message of the TracingChannel `winwire:websocket:connection`. */
export type WebSocketConnectionTrace = OpeningTrace<WebSocketConnection>;
