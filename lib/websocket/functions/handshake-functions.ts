/**
 * The functions of websocket.h that make a handle ready: creation, handshake, and the properties that need no handle.
 */

import { chooseBackend } from '../../backend.ts';
import { backendUnavailable } from '../../backends.ts';
import { loadNative } from '../../native.ts';
import {
  readBackendOption,
  readHeaders,
  readOptionalHeaders,
  readProperties,
  readToken,
  readTokens,
  readUint32,
} from './function-arguments.ts';
import { createHandle, openNative, stateOf, type WebSocketHandle } from './handle.ts';
import { fail } from './native-status.ts';
import {
  type BackendOption,
  type HttpHeader,
  PropertyType,
  type SelectedOptions,
  type WebSocketProperty,
} from './websocket-types.ts';

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
  const result = loadNative().beginClientHandshake(openNative(state), protocolList, extensionList, headerList);
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
  const result = loadNative().endClientHandshake(openNative(state), headerList);
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
  const result = loadNative().beginServerHandshake(openNative(state), protocol, extensionList, headerList);
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
  const status = loadNative().endServerHandshake(openNative(stateOf(handle)));
  if (status < 0) fail('WebSocketEndServerHandshake', status);
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
  const result = loadNative().getGlobalProperty(backend, which);
  if (result === undefined) throw backendUnavailable(backend);
  if (typeof result === 'number') fail('WebSocketGetGlobalProperty', result);
  return which === PropertyType.SUPPORTED_VERSIONS ? result : (result[0] ?? 0);
}

function create(
  role: 'client' | 'server',
  syscall: string,
  properties: unknown,
  options: BackendOption | undefined,
): WebSocketHandle {
  const { types, values } = readProperties(properties, 'properties');
  const backend = chooseBackend(readBackendOption(options));
  const handle = loadNative().createHandle(role === 'server', backend, types, values);
  if (handle === undefined) throw backendUnavailable(backend);
  if (typeof handle === 'number') fail(syscall, handle);
  return createHandle(handle, backend, role);
}

function pairUp(strings: readonly string[]): HttpHeader[] {
  const headers: HttpHeader[] = [];
  for (let index = 0; index + 1 < strings.length; index += 2) {
    headers.push({ name: strings[index] as string, value: strings[index + 1] as string });
  }
  return headers;
}
