/**
 * The functions of websocket.h that drive an open handle: its two queues and its end.
 */
import { type Bytes, isBytes, toUint8Array } from '../../bytes.ts';
import { invalidArgumentType } from '../../errors.ts';
import { type NativeBinding, type NativeStatus, whenLoaded } from '../../native.ts';
import { actionIdOf, type WebSocketActionContext } from './action-context.ts';
import { readAction } from './exchange-block.ts';
import { closeArgument, readUint32 } from './function-arguments.ts';
import { deleteState, type HandleState, openNative, stateOf, type WebSocketHandle } from './handle.ts';
import { fail } from './native-status.ts';
import { BufferType, type WebSocketAction, type WebSocketClose } from './websocket-types.ts';

// Variables, not members of an object: a call through them is a third cheaper.
let abortHandle: NativeBinding['abortHandle'];
let completeAction: NativeBinding['completeAction'];
let completeReceive: NativeBinding['completeReceive'];
let getAction: NativeBinding['getAction'];
let receive: NativeBinding['receive'];
let send: NativeBinding['send'];
let sendNativeClose: NativeBinding['sendClose'];
whenLoaded((native) => {
  ({ abortHandle, completeAction, completeReceive, getAction, receive, send, sendClose: sendNativeClose } = native);
});

/**
 * Appends a send operation to the send queue. The bytes are copied: the caller may change or transfer them at once.
 *
 * Source: Microsoft, WebSocketSend function (websocket.h).
 *
 * @param handle an open handle
 * @param bufferType a member of BufferType; the component judges others
 * @param data bytes; for CLOSE `{ status, reason? }`; `undefined` for NULL (an empty message, a close without payload,
 *   and what a ping and a pong need)
 * @param context any value; the actions of this operation show it as `applicationContext`
 * @throws {TypeError} ERR_INVALID_ARG_TYPE: a string as data, bytes with CLOSE, `{ status }` with another type;
 *   ERR_INVALID_ARG_VALUE: detached bytes
 * @throws {RangeError} ERR_OUT_OF_RANGE: a status that is no integer from 0 to 65535
 * @throws {WinwireError} E_INVALID_PROTOCOL_OPERATION: not open, aborted, or not allowed now; E_INVALIDARG: an unknown
 *   type, a payload on a ping or pong, a reason of more than 123 bytes, a status that cannot be sent; E_OUTOFMEMORY
 */
export function WebSocketSend(
  handle: WebSocketHandle,
  bufferType: number,
  data?: Bytes | WebSocketClose | undefined,
  context?: unknown,
): void {
  const state = stateOf(handle);
  const type = readUint32(bufferType, 'bufferType');
  const operation =
    data === undefined || data === null
      ? send(openNative(state), type)
      : type === BufferType.CLOSE
        ? sendClose(state, data)
        : sendBytes(state, type, data);
  if (operation < 0) fail('WebSocketSend', operation, { name: 'data', value: data });
  keepContext(state, operation, context);
}

/**
 * Appends a receive operation to the receive queue. It ends with one indication: a part of a message, a pong or a close.
 *
 * Source: Microsoft, WebSocketReceive function (websocket.h).
 *
 * @param handle an open handle
 * @param buffer where the payload is wanted, or `undefined`. The component is given memory of the same size; the
 *   indication copies into `buffer` and shows the part of it that was filled, unless it was detached or shrunk in between
 * @param context any value; the actions of this operation show it as `applicationContext`
 * @throws {TypeError} ERR_INVALID_ARG_TYPE: `buffer` is not bytes; ERR_INVALID_ARG_VALUE: it is detached
 * @throws {WinwireError} E_INVALID_PROTOCOL_OPERATION: not open, aborted, or the peer has closed; E_INVALIDARG: an
 *   empty `buffer`; E_OUTOFMEMORY
 */
export function WebSocketReceive(handle: WebSocketHandle, buffer?: Bytes | undefined, context?: unknown): void {
  const state = stateOf(handle);
  if (buffer === undefined || buffer === null) {
    const operation = receive(openNative(state));
    if (operation < 0) fail('WebSocketReceive', operation);
    keepContext(state, operation, context);
    return;
  }
  if (!isBytes(buffer)) throw invalidArgumentType('buffer', 'an ArrayBuffer or a view of one', buffer);
  const target = toUint8Array(buffer, 'buffer');
  const operation = receive(openNative(state), target);
  if (operation < 0) fail('WebSocketReceive', operation, { name: 'buffer', value: buffer });
  state.receiveBuffers ??= new Map();
  state.receiveBuffers.set(operation, target);
  keepContext(state, operation, context);
}

/**
 * Asks what to do next. Every action but NO_ACTION is to be completed by WebSocketCompleteAction; until then its queue has
 * no further one. The result is a copy and stays valid.
 *
 * Source: Microsoft, WebSocketGetAction function (websocket.h).
 *
 * @param handle an open handle
 * @param queue a member of ActionQueue; the component judges others
 * @throws {WinwireError} E_INVALID_PROTOCOL_FORMAT: the peer sent malformed bytes; E_INVALID_PROTOCOL_OPERATION: the peer
 *   did what is not allowed now, or the handle is not open; E_INVALIDARG: no such queue. After an error of the peer: abort,
 *   drain, delete
 */
export function WebSocketGetAction(handle: WebSocketHandle, queue: number): WebSocketAction {
  const state = stateOf(handle);
  const which = readUint32(queue, 'queue');
  const nativeHandle = openNative(state);
  const status = getAction(nativeHandle, which);
  if (status < 0) fail('WebSocketGetAction', status);
  return readAction(state, nativeHandle);
}

/**
 * Ends an action that WebSocketGetAction returned.
 *
 * Source: Microsoft, WebSocketCompleteAction function (websocket.h).
 *
 * @param handle the handle that the action is of
 * @param actionContext the action's; `undefined`, as NO_ACTION has it, is passed as NULL and changes nothing
 * @param bytesTransferred SEND_TO_NETWORK: how many bytes were written (less than all of them cancels the send).
 *   RECEIVE_FROM_NETWORK: the bytes that were read, at most `room`; 0 at the end of the stream (cancels the receive).
 *   Indications: 0
 * @throws {TypeError} ERR_INVALID_ACTION_CONTEXT: foreign, of another handle, or completed before;
 *   ERR_INVALID_ARG_TYPE: a number greater than 0 for RECEIVE_FROM_NETWORK, bytes for another action;
 *   ERR_INVALID_ARG_VALUE: detached bytes
 * @throws {RangeError} ERR_OUT_OF_RANGE: more bytes than the action has
 */
export function WebSocketCompleteAction(
  handle: WebSocketHandle,
  actionContext: WebSocketActionContext | undefined,
  bytesTransferred: number | Bytes,
): void {
  const state = stateOf(handle);
  const action = actionIdOf(actionContext, state);
  let status: NativeStatus | undefined;
  if (typeof bytesTransferred === 'number') {
    const count = readUint32(bytesTransferred, 'bytesTransferred');
    status = completeAction(openNative(state), action, count);
  } else {
    const bytes = readTransferred(bytesTransferred);
    status = completeReceive(openNative(state), action, bytes);
  }
  if (status !== undefined) {
    fail('WebSocketCompleteAction', status, { name: 'bytesTransferred', value: bytesTransferred });
  }
}

/**
 * Aborts all operations of an open handle: each of them ends with its indication, later ones are refused. No close frame
 * is sent. Nothing happens while the handshake is not complete, nor the second time.
 *
 * Source: Microsoft, WebSocketAbortHandle function (websocket.h).
 *
 * @param handle any handle
 */
export function WebSocketAbortHandle(handle: WebSocketHandle): void {
  const status = abortHandle(openNative(stateOf(handle)));
  if (status !== undefined) fail('WebSocketAbortHandle', status);
}

/**
 * Deletes a handle in whatever state it is, with all that belongs to it; operations that are not complete are aborted and
 * drained before. Every later use of the handle is an ERR_INVALID_HANDLE.
 *
 * Source: Microsoft, WebSocketDeleteHandle function (websocket.h).
 *
 * @param handle any handle
 */
export function WebSocketDeleteHandle(handle: WebSocketHandle): void {
  deleteState(stateOf(handle));
}

function sendBytes(state: HandleState, type: number, data: unknown): number {
  if (!isBytes(data)) throw invalidArgumentType('data', 'an ArrayBuffer or a view of one', data);
  const bytes = toUint8Array(data, 'data');
  return send(openNative(state), type, bytes);
}

function sendClose(state: HandleState, data: unknown): number {
  if (isBytes(data)) throw invalidArgumentType('data', '{ status, reason } with BufferType.CLOSE', data);
  const { status, reason } = closeArgument(data, 'data');
  return sendNativeClose(openNative(state), status, reason);
}

function readTransferred(value: unknown): Uint8Array {
  if (!isBytes(value)) throw invalidArgumentType('bytesTransferred', 'a number or bytes', value);
  return toUint8Array(value, 'bytesTransferred');
}

function keepContext(state: HandleState, operation: number, context: unknown): void {
  if (context === undefined) return;
  state.contexts ??= [];
  state.contexts[operation] = context;
}
