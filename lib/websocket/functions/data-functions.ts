/** The functions of websocket.h for an open handle: its two queues, abort and delete. */
import { type Bytes, isBytes, toUint8Array } from '../../bytes.ts';
import { invalidArgumentType } from '../../errors.ts';
import { type NativeBinding, type NativeStatus, whenLoaded } from '../../native.ts';
import { actionIdOf, type WebSocketActionContext } from './action-context.ts';
import { queueText, sendText } from './argument-advice.ts';
import { readAction } from './exchange-block.ts';
import { parseClose, validateUint32 } from './function-arguments.ts';
import { deleteState, type HandleState, openNative, stateOf, type WebSocketHandle } from './handle.ts';
import { fail, failIn } from './native-status.ts';
import { BufferType, type WebSocketAction, type WebSocketClose } from './websocket-types.ts';

// Variables, because a call through an object's member takes half as long again.
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
 * @param bufferType a member of BufferType; the component validates other values
 * @param data bytes; for CLOSE `{ status, reason? }`; `undefined` for NULL (an empty message, a close without payload;
 *   required for a ping or pong)
 * @param context any value; the actions of this operation return it as `applicationContext`
 * @throws {TypeError} ERR_INVALID_ARG_TYPE: a string as data, bytes with CLOSE, `{ status }` with another type;
 *   ERR_INVALID_ARG_VALUE: detached bytes
 * @throws {RangeError} ERR_OUT_OF_RANGE: the status is not an integer from 0 to 65535
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
  const type = validateUint32(bufferType, 'bufferType');
  const operation =
    data === undefined || data === null
      ? send(openNative(state), type)
      : type === BufferType.CLOSE
        ? sendClose(state, data)
        : sendBytes(state, type, data);
  if (operation < 0)
    failIn(state, 'WebSocketSend', operation, () => sendText(type, data), { name: 'data', value: data });
  keepContext(state, operation, context);
}

/**
 * Appends a receive operation to the receive queue. It completes with one indication: a part of a message, a pong or a
 * close.
 *
 * Source: Microsoft, WebSocketReceive function (websocket.h).
 *
 * @param handle an open handle
 * @param buffer memory for the payload, or `undefined`. The component gets memory of the same size; the indication
 *   copies the payload into `buffer` and returns the filled part, unless `buffer` was detached or shrunk meanwhile
 * @param context any value; the actions of this operation return it as `applicationContext`
 * @throws {TypeError} ERR_INVALID_ARG_TYPE: `buffer` is not bytes; ERR_INVALID_ARG_VALUE: it is detached
 * @throws {WinwireError} E_INVALID_PROTOCOL_OPERATION: not open, aborted, or the peer has closed; E_INVALIDARG: an
 *   empty `buffer`; E_OUTOFMEMORY
 */
export function WebSocketReceive(handle: WebSocketHandle, buffer?: Bytes | undefined, context?: unknown): void {
  const state = stateOf(handle);
  if (buffer === undefined || buffer === null) {
    const operation = receive(openNative(state));
    if (operation < 0) failIn(state, 'WebSocketReceive', operation, noAdvice);
    keepContext(state, operation, context);
    return;
  }
  if (!isBytes(buffer)) throw invalidArgumentType('buffer', 'an ArrayBuffer or a view of one', buffer);
  const target = toUint8Array(buffer, 'buffer');
  const operation = receive(openNative(state), target);
  if (operation < 0)
    failIn(state, 'WebSocketReceive', operation, () => 'buffer is empty', { name: 'buffer', value: buffer });
  state.receiveBuffers ??= new Map();
  state.receiveBuffers.set(operation, target);
  keepContext(state, operation, context);
}

/**
 * Returns the next action of a queue. Complete every action except NO_ACTION with WebSocketCompleteAction; until then
 * the queue returns no further one. The result is a copy and stays valid.
 *
 * Source: Microsoft, WebSocketGetAction function (websocket.h).
 *
 * @param handle an open handle
 * @param queue a member of ActionQueue; the component validates other values
 * @throws {WinwireError} E_INVALID_PROTOCOL_FORMAT: the peer sent malformed bytes; E_INVALID_PROTOCOL_OPERATION: the
 *   peer violated the protocol, or the handle is not open; E_INVALIDARG: an unknown queue. After an error of the peer:
 *   abort, drain, delete
 */
export function WebSocketGetAction(handle: WebSocketHandle, queue: number): WebSocketAction {
  const state = stateOf(handle);
  const which = validateUint32(queue, 'queue');
  const nativeHandle = openNative(state);
  const status = getAction(nativeHandle, which);
  if (status < 0) failIn(state, 'WebSocketGetAction', status, () => queueText(which));
  return readAction(state, nativeHandle);
}

/**
 * Completes an action that WebSocketGetAction returned.
 *
 * Source: Microsoft, WebSocketCompleteAction function (websocket.h).
 *
 * @param handle the handle that returned the action
 * @param actionContext the action's `actionContext`; `undefined`, as in NO_ACTION, is passed as NULL and has no effect
 * @param bytesTransferred SEND_TO_NETWORK: the number of bytes written (fewer than all cancels the send).
 *   RECEIVE_FROM_NETWORK: the bytes that were read, at most `room`; 0 at the end of the stream (cancels the receive).
 *   Indications: 0
 * @throws {TypeError} ERR_INVALID_ACTION_CONTEXT: of another handle, or already completed; ERR_INVALID_ARG_TYPE: a
 *   number greater than 0 for RECEIVE_FROM_NETWORK, bytes for another action; ERR_INVALID_ARG_VALUE: detached bytes
 * @throws {RangeError} ERR_OUT_OF_RANGE: more bytes than the action allows
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
    const count = validateUint32(bytesTransferred, 'bytesTransferred');
    status = completeAction(openNative(state), action, count);
  } else {
    const bytes = validateTransferred(bytesTransferred);
    status = completeReceive(openNative(state), action, bytes);
  }
  if (status !== undefined) {
    fail('WebSocketCompleteAction', status, { name: 'bytesTransferred', value: bytesTransferred });
  }
}

/**
 * Aborts all operations of an open handle: each completes with its indication, and later operations are rejected. Sends
 * no close frame. Has no effect before the handshake is complete, or on a second call.
 *
 * Source: Microsoft, WebSocketAbortHandle function (websocket.h).
 *
 * @param handle any handle
 */
export function WebSocketAbortHandle(handle: WebSocketHandle): void {
  const state = stateOf(handle);
  const status = abortHandle(openNative(state));
  if (status !== undefined) fail('WebSocketAbortHandle', status);
  if (state.phase === 'open') state.phase = 'aborted';
}

/**
 * Deletes a handle in any state; pending operations are aborted and drained first. Every later use of the handle throws
 * ERR_INVALID_HANDLE.
 *
 * Source: Microsoft, WebSocketDeleteHandle function (websocket.h).
 *
 * @param handle any handle
 */
export function WebSocketDeleteHandle(handle: WebSocketHandle): void {
  deleteState(stateOf(handle));
}

const noAdvice = (): undefined => undefined;

function sendBytes(state: HandleState, type: number, data: unknown): number {
  if (!isBytes(data)) throw invalidArgumentType('data', 'an ArrayBuffer or a view of one', data);
  const bytes = toUint8Array(data, 'data');
  return send(openNative(state), type, bytes);
}

function sendClose(state: HandleState, data: unknown): number {
  if (isBytes(data)) throw invalidArgumentType('data', '{ status, reason } with BufferType.CLOSE', data);
  const { status, reason } = parseClose(data, 'data');
  return sendNativeClose(openNative(state), status, reason);
}

function validateTransferred(value: unknown): Uint8Array {
  if (!isBytes(value)) throw invalidArgumentType('bytesTransferred', 'a number or bytes', value);
  return toUint8Array(value, 'bytesTransferred');
}

function keepContext(state: HandleState, operation: number, context: unknown): void {
  if (context === undefined) return;
  state.contexts ??= [];
  state.contexts[operation] = context;
}
