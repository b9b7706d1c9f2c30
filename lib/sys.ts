/** `winwire/sys`: the 13 functions of websocket.h, one to one. */
import './diagnostics/debug-log.ts';

export type { BackendName } from './backend.ts';
export { CloseStatus, MAX_CLOSE_REASON_LENGTH } from './close-codes.ts';
export { WebSocketActionContext } from './websocket/functions/action-context.ts';
export { WebSocketHandle } from './websocket/functions/handle.ts';
export * from './websocket/functions/websocket-functions.ts';
export * from './websocket/functions/websocket-types.ts';
export { type WinHttpCredentials, type WinHttpRequestInit, WinHttpResponse } from './winhttp/request/static-request.ts';
export type { IWinHttpRequest } from './winhttp/request/winhttp-interface.ts';
export { WinHttpRequest } from './winhttp/request/winhttp-request.ts';
export * from './winhttp/request/winhttp-types.ts';
export { ResponseHeaders } from './winhttp/response-headers.ts';
