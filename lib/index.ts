/** winwire: Windows' own WebSocket and HTTP stack for Node.js, and portable engines of the same behaviour elsewhere. */
import './diagnostics/debug-log.ts';

export { AbortError } from './abort-signal.ts';
export { type BackendInfo, type BackendName, type Backends, backends } from './backend.ts';
export type { AcceptOptions } from './connection/accept.ts';
export type { ConnectOptions } from './connection/connect.ts';
export { WebSocketConnection } from './connection/connection.ts';
export { ConnectionError, type ConnectionErrorCode, UpgradeRefusedError } from './connection/errors.ts';
export type { HandleOptions, HandleProperty } from './connection/handshake.ts';
export type { Message } from './connection/inbox.ts';
export { type ConnectionLimits, DEFAULT_LIMITS } from './connection/limits.ts';
export { type DuplexOptions, toDuplex, toWebStreams, type WebStreams } from './connection/streams.ts';
export type {
  CloseInfo,
  ConnectionEvents,
  ConnectionStatistics,
  Sendable,
  SendableBytes,
  SendOptions,
  WaitOptions,
} from './connection/types.ts';
export { ActionTrace, type TraceOptions } from './diagnostics/action-trace.ts';
export { type HarOptions, type HarRecorder, recordHar } from './diagnostics/har.ts';
export type * from './diagnostics/har-types.ts';
export type { TracedCall } from './diagnostics/trace-records.ts';
export type * from './diagnostics/websocket-messages.ts';
export type * from './diagnostics/winhttp-messages.ts';
export { type ArgumentErrorCode, BackendUnavailableError, HResult, WinwireError } from './errors.ts';
export type { ClientInfo, UpgradeRefusal, Verdict, WebSocketServerOptions } from './server/server-options.ts';
export { WebSocketServer, type WebSocketServerEvents } from './server/websocket-server.ts';
export { type WinHttpCredentials, type WinHttpRequestInit, WinHttpResponse } from './sys/winhttp-execute.ts';
export type { IWinHttpRequest } from './sys/winhttp-interface.ts';
export { WinHttpRequest } from './sys/winhttp-request.ts';
export type { WebSocketData, WebSocketInit } from './web/arguments.ts';
export { CloseEvent, type CloseEventInit, WebSocketErrorEvent } from './web/events.ts';
export { type BinaryType, WebSocket } from './web/websocket.ts';
