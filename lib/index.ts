/** winwire: Windows' own WebSocket and HTTP stack for Node.js, and portable engines of the same behaviour elsewhere. */
import './diagnostics/debug-log.ts';

export { AbortError } from './abort-signal.ts';
export type { BackendName } from './backend.ts';
export { type BackendInfo, type Backends, backends } from './backends.ts';
export { type CloseInfo, CloseStatus } from './close-codes.ts';
export { ActionTrace, type TraceOptions } from './diagnostics/action-trace.ts';
export { type HarOptions, type HarRecorder, recordHar } from './diagnostics/har.ts';
export type * from './diagnostics/har-types.ts';
export type { TracedCall } from './diagnostics/trace-records.ts';
export { type ArgumentErrorCode, BackendUnavailableError, WinwireError } from './errors.ts';
export { HResult, type HResultName } from './hresult.ts';
export type { AcceptOptions } from './websocket/connection/accept.ts';
export type { ConnectOptions } from './websocket/connection/connect.ts';
export {
  ConnectionError,
  type ConnectionErrorCode,
  UpgradeRefusedError,
} from './websocket/connection/connection-errors.ts';
export type {
  ConnectionEvents,
  ConnectionStatistics,
  Sendable,
  SendableBytes,
  SendOptions,
  WaitOptions,
} from './websocket/connection/connection-types.ts';
export type { HandleOptions, HandleProperty } from './websocket/connection/handshake.ts';
export type { Message } from './websocket/connection/inbox.ts';
export { type ConnectionLimits, DEFAULT_LIMITS } from './websocket/connection/limits.ts';
export { type DuplexOptions, toDuplex, toWebStreams, type WebStreams } from './websocket/connection/streams.ts';
export { WebSocketConnection } from './websocket/connection/websocket-connection.ts';
export type * from './websocket/connection/websocket-messages.ts';
export type { ClientInfo, UpgradeRefusal, Verdict, WebSocketServerOptions } from './websocket/server/server-options.ts';
export { WebSocketServer, type WebSocketServerEvents } from './websocket/server/websocket-server.ts';
export { CloseEvent, type CloseEventInit, WebSocketErrorEvent } from './websocket/web/events.ts';
export { type BinaryType, WebSocket } from './websocket/web/websocket.ts';
export type { WebSocketData, WebSocketInit } from './websocket/web/websocket-arguments.ts';
export { type WinHttpCredentials, type WinHttpRequestInit, WinHttpResponse } from './winhttp/request/static-request.ts';
export type { IWinHttpRequest } from './winhttp/request/winhttp-interface.ts';
export type * from './winhttp/request/winhttp-messages.ts';
export { WinHttpRequest } from './winhttp/request/winhttp-request.ts';
export * from './winhttp/request/winhttp-types.ts';
export { ResponseHeaders } from './winhttp/response-headers.ts';
