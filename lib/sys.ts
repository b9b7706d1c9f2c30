/** `winwire/sys`: the 13 functions of websocket.h, and the proxy functions of winhttp.h, with their types and constants. */
import './diagnostics/debug-log.ts';

export type { BackendName } from './backend.ts';
export type { Bytes } from './bytes.ts';
export { CloseStatus, MAX_CLOSE_REASON_LENGTH } from './close-codes.ts';
export * from './proxy/winhttp-proxy-functions.ts';
export * from './proxy/winhttp-proxy-types.ts';
export { WebSocketActionContext } from './websocket/functions/action-context.ts';
export { WebSocketHandle } from './websocket/functions/handle.ts';
export * from './websocket/functions/websocket-functions.ts';
export * from './websocket/functions/websocket-types.ts';
