/**
 * The 13 functions of websocket.h, in its order, under their own names. All are synchronous; they neither wait nor do
 * I/O. In all of them:
 *
 * - `undefined` (or `null`) for an optional argument means NULL.
 * - A failure reported by the component is a WinwireError with `code`, `hresult` and `syscall`.
 * - Invalid arguments throw before the component is called: a value of the wrong type a TypeError
 *   (ERR_INVALID_ARG_TYPE), an invalid value a TypeError (ERR_INVALID_ARG_VALUE) or a RangeError (ERR_OUT_OF_RANGE), a
 *   deleted handle ERR_INVALID_HANDLE.
 */
import {
  WebSocketAbortHandle,
  WebSocketCompleteAction,
  WebSocketDeleteHandle,
  WebSocketGetAction,
  WebSocketReceive,
  WebSocketSend,
} from './data-functions.ts';
import {
  WebSocketBeginClientHandshake,
  WebSocketBeginServerHandshake,
  WebSocketCreateClientHandle,
  WebSocketCreateServerHandle,
  WebSocketEndClientHandshake,
  WebSocketEndServerHandshake,
  WebSocketGetGlobalProperty,
} from './handshake-functions.ts';
import type { WebSocketFunctions } from './websocket-types.ts';

export {
  WebSocketAbortHandle,
  WebSocketBeginClientHandshake,
  WebSocketBeginServerHandshake,
  WebSocketCompleteAction,
  WebSocketCreateClientHandle,
  WebSocketCreateServerHandle,
  WebSocketDeleteHandle,
  WebSocketEndClientHandshake,
  WebSocketEndServerHandshake,
  WebSocketGetAction,
  WebSocketGetGlobalProperty,
  WebSocketReceive,
  WebSocketSend,
};

/** The 13 functions of this module as one object. */
export const websocketFunctions: WebSocketFunctions = {
  WebSocketCreateClientHandle,
  WebSocketBeginClientHandshake,
  WebSocketEndClientHandshake,
  WebSocketCreateServerHandle,
  WebSocketBeginServerHandshake,
  WebSocketEndServerHandshake,
  WebSocketSend,
  WebSocketReceive,
  WebSocketGetAction,
  WebSocketCompleteAction,
  WebSocketAbortHandle,
  WebSocketDeleteHandle,
  WebSocketGetGlobalProperty,
};
