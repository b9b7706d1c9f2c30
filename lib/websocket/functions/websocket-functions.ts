/**
 * The 13 functions of websocket.h, in its order, under their own names. All are synchronous: none of them waits or does
 * I/O. Common to all of them:
 *
 * - `undefined` (or `null`) for an optional argument stands for NULL.
 * - A failure that the component reports is a WinwireError with `code`, `hresult` and `syscall`.
 * - A value of another type is a TypeError (ERR_INVALID_ARG_TYPE), an invalid one a TypeError (ERR_INVALID_ARG_VALUE) or
 *   a RangeError (ERR_OUT_OF_RANGE),
 *   what is no handle an ERR_INVALID_ARG_TYPE, a deleted handle an ERR_INVALID_HANDLE; no call is made then.
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
