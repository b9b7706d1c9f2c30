/** `winwire/sys`: the 13 functions of websocket.h, one to one. */
import '../diagnostics/debug-log.ts';

export type { BackendName } from '../backend.ts';
export { ResponseHeaders } from '../winhttp/response-headers.ts';
export { WebSocketActionContext } from './action-context.ts';
export { WebSocketHandle } from './handle.ts';
export * from './websocket.ts';
export * from './websocket-types.ts';
export { type WinHttpCredentials, type WinHttpRequestInit, WinHttpResponse } from './winhttp-execute.ts';
export type { IWinHttpRequest } from './winhttp-interface.ts';
export { WinHttpRequest } from './winhttp-request.ts';
export * from './winhttp-types.ts';
