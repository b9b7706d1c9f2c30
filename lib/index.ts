/**
 * winwire: Windows' own WebSocket and HTTP stack for Node.js, and portable engines with the same behaviour elsewhere.
 */
import './diagnostics/debug-log.ts';

export { AbortError } from './abort-signal.ts';
export type { ProxyAgentOptions } from './agent/agent-options.ts';
export { ProxyAgent } from './agent/proxy-agent.ts';
export type {
  AuthScheme,
  Challenge,
  CredentialAnswer,
  CredentialSource,
  Credentials,
  ServerCredentials,
} from './auth/auth-types.ts';
export { AuthenticationError, type AuthenticationErrorCode } from './auth/authentication-error.ts';
export { MechanismError, type MechanismErrorCode } from './auth/mechanism-error.ts';
export type { BackendName } from './backend.ts';
export { type AuthenticationInfo, type BackendInfo, type Backends, backends } from './backends.ts';
export { type CloseInfo, CloseStatus } from './close-codes.ts';
export { ActionTrace, type TraceOptions } from './diagnostics/action-trace.ts';
export type { AuthStepMessage } from './diagnostics/auth-channels.ts';
export { type HarOptions, type HarRecorder, recordHar } from './diagnostics/har.ts';
export type * from './diagnostics/har-types.ts';
export type {
  HttpAbortMessage,
  HttpConnectedMessage,
  HttpFields,
  HttpRequestSentMessage,
  HttpResponseDataMessage,
  HttpResponseStartMessage,
  HttpTrace,
} from './diagnostics/http-channels.ts';
export type { TracedCall } from './diagnostics/trace-records.ts';
export type { ProxyDispatcherOptions } from './dispatcher/dispatcher-options.ts';
export type * from './dispatcher/dispatcher-types.ts';
export { fetch } from './dispatcher/fetch.ts';
export type { PoolStats } from './dispatcher/origin-pool.ts';
export { ProxyDispatcher } from './dispatcher/proxy-dispatcher.ts';
export { BodyNotReplayableError } from './dispatcher/replay-body.ts';
export { type ArgumentErrorCode, BackendUnavailableError, WinwireError } from './errors.ts';
export { createForwarder } from './forwarder/create-forwarder.ts';
export { ForwarderError } from './forwarder/forwarder-error.ts';
export type * from './forwarder/forwarder-types.ts';
export { HResult, type HResultName } from './hresult.ts';
export { type Installation, type InstallOptions, install } from './install/installation.ts';
export type { ProxyResolveTrace } from './proxy/proxy-messages.ts';
export { resolveProxy } from './proxy/resolve-proxy.ts';
export type { ProxyOption, ProxyResolution, ProxyRoute, ProxySource, ResolveProxyOptions } from './proxy/types.ts';
export type { NetworkOptions } from './tunnel/network-options.ts';
export { ProxyConnectionError, type ProxyConnectionErrorCode } from './tunnel/proxy-connection-error.ts';
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
