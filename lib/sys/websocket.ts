/**
 * The 13 functions of websocket.h, in its order, under their own names. All are synchronous: none of them waits or does
 * I/O. Common to all of them:
 *
 * - `undefined` (or `null`) for an optional argument stands for NULL.
 * - A failure that the component reports is a WinwireError with `code`, `hresult` and `syscall`.
 * - What is no value of a parameter's type is a TypeError or RangeError (ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE),
 *   what is no handle an ERR_INVALID_ARG_TYPE, a deleted handle an ERR_INVALID_HANDLE; no call is made then.
 */
import { backendUnavailable, chooseBackend } from '../backend.ts';
import { invalidArgumentType } from '../errors.ts';
import { loadNative, type NativeStatus } from '../native.ts';
import { actionIdOf, type WebSocketActionContext } from './action-context.ts';
import {
  isBytes,
  readBackendOption,
  readClose,
  readHeaders,
  readOptionalHeaders,
  readProperties,
  readToken,
  readTokens,
  readUint32,
  toUint8Array,
} from './arguments.ts';
import { readAction } from './exchange.ts';
import { fail } from './failure.ts';
import { createHandle, deleteState, type HandleState, openNative, stateOf, type WebSocketHandle } from './handle.ts';
import {
  type BackendOption,
  BufferType,
  type Bytes,
  type HttpHeader,
  PropertyType,
  type SelectedOptions,
  type WebSocketAction,
  type WebSocketClose,
  type WebSocketFunctions,
  type WebSocketProperty,
} from './websocket-types.ts';

// Constants, not members of an object: a call through them is a third cheaper.
const {
  abortHandle,
  beginClientHandshake,
  beginServerHandshake,
  completeAction,
  completeReceive,
  createHandle: createNativeHandle,
  endClientHandshake,
  endServerHandshake,
  getAction,
  getGlobalProperty,
  receive,
  send,
  sendClose: sendNativeClose,
} = loadNative();

/**
 * Creates the handle of a client. It belongs to the caller until WebSocketDeleteHandle.
 *
 * Source: Microsoft, WebSocketCreateClientHandle function (websocket.h).
 *
 * @param properties `{ type, value }` each; the component judges types, sizes and values
 * @param options `backend`: who answers (see `backends`)
 * @throws {TypeError} ERR_INVALID_ARG_VALUE: ALLOCATED_BUFFER, or an unknown backend
 * @throws {BackendUnavailableError} ERR_BACKEND_UNAVAILABLE: the backend cannot serve
 * @throws {WinwireError} E_INVALIDARG: a property is refused; E_OUTOFMEMORY
 */
export function WebSocketCreateClientHandle(
  properties?: readonly WebSocketProperty[] | undefined,
  options?: BackendOption | undefined,
): WebSocketHandle {
  return create('client', 'WebSocketCreateClientHandle', properties, options);
}

/**
 * Begins a client's handshake.
 *
 * Source: Microsoft, WebSocketBeginClientHandshake function (websocket.h).
 *
 * @param handle a client that has not begun
 * @param subprotocols the sub-protocols to offer, one token each
 * @param extensions the extensions to offer, one each
 * @param headers what the caller is going to send besides; a header of the result replaces its namesake here
 * @returns the headers to add to the GET request
 * @throws {TypeError} ERR_INVALID_CHAR: CR, LF, NUL or a character above U+00FF in a string
 * @throws {WinwireError} E_INVALID_PROTOCOL_OPERATION: no client, or begun already; E_INVALIDARG: something is no token
 */
export function WebSocketBeginClientHandshake(
  handle: WebSocketHandle,
  subprotocols?: readonly string[] | undefined,
  extensions?: readonly string[] | undefined,
  headers?: readonly HttpHeader[] | undefined,
): HttpHeader[] {
  const state = stateOf(handle);
  const protocolList = readTokens(subprotocols, 'subprotocols');
  const extensionList = readTokens(extensions, 'extensions');
  const headerList = readOptionalHeaders(headers, 'headers');
  const result = beginClientHandshake(openNative(state), protocolList, extensionList, headerList);
  if (typeof result === 'number') fail('WebSocketBeginClientHandshake', result);
  return pairUp(result);
}

/**
 * Verifies the server's answer and opens a client. The status line (101) is the caller's to check.
 *
 * Source: Microsoft, WebSocketEndClientHandshake function (websocket.h).
 *
 * @param handle a client that has begun its handshake
 * @param headers all headers of the response
 * @returns which of the offered extensions and sub-protocols the server chose, as indices
 * @throws {TypeError} ERR_INVALID_CHAR: CR, LF, NUL or a character above U+00FF in a string
 * @throws {WinwireError} E_INVALID_PROTOCOL_FORMAT: a header is missing or wrong; E_SUBPROTOCOL_NOT_SUPPORTED,
 *   E_PROTOCOL_EXTENSIONS_NOT_SUPPORTED: the server chose what was not offered; E_INVALID_PROTOCOL_OPERATION: no client,
 *   or not begun
 */
export function WebSocketEndClientHandshake(handle: WebSocketHandle, headers: readonly HttpHeader[]): SelectedOptions {
  const state = stateOf(handle);
  const headerList = readHeaders(headers, 'headers');
  const result = endClientHandshake(openNative(state), headerList);
  if (typeof result === 'number') fail('WebSocketEndClientHandshake', result);
  const [subprotocol = -1, ...selectedExtensions] = result;
  return { selectedExtensions, selectedSubprotocol: subprotocol < 0 ? undefined : subprotocol };
}

/**
 * Creates the handle of a server. It belongs to the caller until WebSocketDeleteHandle.
 *
 * Source: Microsoft, WebSocketCreateServerHandle function (websocket.h).
 *
 * @param properties `{ type, value }` each; the component judges types, sizes and values
 * @param options `backend`: who answers (see `backends`)
 * @throws {TypeError} ERR_INVALID_ARG_VALUE: ALLOCATED_BUFFER, or an unknown backend
 * @throws {BackendUnavailableError} ERR_BACKEND_UNAVAILABLE: the backend cannot serve
 * @throws {WinwireError} E_INVALIDARG: a property is refused; E_OUTOFMEMORY
 */
export function WebSocketCreateServerHandle(
  properties?: readonly WebSocketProperty[] | undefined,
  options?: BackendOption | undefined,
): WebSocketHandle {
  return create('server', 'WebSocketCreateServerHandle', properties, options);
}

/**
 * Verifies a client's request and begins a server's handshake.
 *
 * Source: Microsoft, WebSocketBeginServerHandshake function (websocket.h).
 *
 * @param handle a server that has not begun
 * @param subprotocol the sub-protocol chosen from those that the request offers, or `undefined`
 * @param extensions the extensions chosen from those that the request offers, or `undefined`
 * @param headers all headers of the request
 * @returns the headers to add to the 101 response
 * @throws {TypeError} ERR_INVALID_CHAR: CR, LF, NUL or a character above U+00FF in a string
 * @throws {WinwireError} E_INVALID_PROTOCOL_FORMAT: a header is missing or wrong; E_PROTOCOL_VERSION_NOT_SUPPORTED: not
 *   version 13; E_SUBPROTOCOL_NOT_SUPPORTED, E_PROTOCOL_EXTENSIONS_NOT_SUPPORTED: the choice was not offered;
 *   E_INVALID_PROTOCOL_OPERATION: no server, or begun already
 */
export function WebSocketBeginServerHandshake(
  handle: WebSocketHandle,
  subprotocol: string | undefined,
  extensions: readonly string[] | undefined,
  headers: readonly HttpHeader[],
): HttpHeader[] {
  const state = stateOf(handle);
  const protocol = readToken(subprotocol, 'subprotocol');
  const extensionList = readTokens(extensions, 'extensions');
  const headerList = readHeaders(headers, 'headers');
  const result = beginServerHandshake(openNative(state), protocol, extensionList, headerList);
  if (typeof result === 'number') fail('WebSocketBeginServerHandshake', result);
  return pairUp(result);
}

/**
 * Opens a server. Optional: the first WebSocketSend, WebSocketReceive or WebSocketGetAction does the same.
 *
 * Source: Microsoft, WebSocketEndServerHandshake function (websocket.h).
 *
 * @param handle a server that has begun its handshake
 * @throws {WinwireError} E_INVALID_PROTOCOL_OPERATION: no server, or not begun; E_OUTOFMEMORY
 */
export function WebSocketEndServerHandshake(handle: WebSocketHandle): void {
  const status = endServerHandshake(openNative(stateOf(handle)));
  if (status < 0) fail('WebSocketEndServerHandshake', status);
}

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
 * @throws {RangeError} ERR_INVALID_ARG_VALUE: a status that is no integer from 0 to 65535
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
 * @throws {WinwireError} E_INVALID_PROTOCOL_OPERATION: not open, aborted, or the peer has closed; E_OUTOFMEMORY
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
 * @throws {RangeError} ERR_INVALID_ARG_VALUE: more bytes than the action has
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

/**
 * Asks for a property that is not of a handle.
 *
 * Source: Microsoft, WebSocketGetGlobalProperty function (websocket.h).
 *
 * @param type PropertyType.KEEPALIVE_INTERVAL or SUPPORTED_VERSIONS; the component judges others
 * @param options `backend`: who answers (see `backends`)
 * @returns the keep-alive interval in milliseconds, or the list of versions
 * @throws {BackendUnavailableError} ERR_BACKEND_UNAVAILABLE: the backend cannot serve
 * @throws {WinwireError} E_INVALIDARG: no global property
 */
export function WebSocketGetGlobalProperty(type: number, options?: BackendOption | undefined): number | number[] {
  const which = readUint32(type, 'type');
  const backend = chooseBackend(readBackendOption(options));
  const result = getGlobalProperty(backend, which);
  if (result === undefined) throw backendUnavailable(backend);
  if (typeof result === 'number') fail('WebSocketGetGlobalProperty', result);
  return which === PropertyType.SUPPORTED_VERSIONS ? result : (result[0] ?? 0);
}

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

function create(
  role: 'client' | 'server',
  syscall: string,
  properties: unknown,
  options: BackendOption | undefined,
): WebSocketHandle {
  const { types, values } = readProperties(properties, 'properties');
  const backend = chooseBackend(readBackendOption(options));
  const handle = createNativeHandle(role === 'server', backend, types, values);
  if (handle === undefined) throw backendUnavailable(backend);
  if (typeof handle === 'number') fail(syscall, handle);
  return createHandle(handle, backend, role);
}

function sendBytes(state: HandleState, type: number, data: unknown): number {
  if (!isBytes(data)) throw invalidArgumentType('data', 'an ArrayBuffer or a view of one', data);
  const bytes = toUint8Array(data, 'data');
  return send(openNative(state), type, bytes);
}

function sendClose(state: HandleState, data: unknown): number {
  if (isBytes(data)) throw invalidArgumentType('data', '{ status, reason } with BufferType.CLOSE', data);
  const { status, reason } = readClose(data, 'data');
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

function pairUp(strings: readonly string[]): HttpHeader[] {
  const headers: HttpHeader[] = [];
  for (let index = 0; index + 1 < strings.length; index += 2) {
    headers.push({ name: strings[index] as string, value: strings[index + 1] as string });
  }
  return headers;
}
