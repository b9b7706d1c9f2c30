/** The functions of websocket.h for creation and handshake of a handle, and for global properties. */

import { chooseBackend } from '../../backend.ts';
import { backendUnavailable } from '../../backends.ts';
import { loadNative } from '../../native.ts';
import { creationText, propertyText, tokensText } from './argument-advice.ts';
import {
  packHeaderObjects,
  packOptionalHeaders,
  packTokens,
  parseProperties,
  validateBackendOption,
  validateToken,
  validateUint32,
} from './function-arguments.ts';
import { createHandle, openNative, stateOf, type WebSocketHandle } from './handle.ts';
import { answerText, requestText } from './handshake-advice.ts';
import { failIn, failWith } from './native-status.ts';
import {
  type BackendOption,
  type HttpHeader,
  PropertyType,
  type SelectedOptions,
  type WebSocketProperty,
} from './websocket-types.ts';

/**
 * Creates the handle of a client. The caller must delete it with WebSocketDeleteHandle.
 *
 * Source: Microsoft, WebSocketCreateClientHandle function (websocket.h).
 *
 * @param properties each is `{ type, value }`; the component validates types, sizes and values
 * @param options `backend`: see `backends`
 * @throws {TypeError} ERR_INVALID_ARG_VALUE: ALLOCATED_BUFFER, or an unknown backend
 * @throws {BackendUnavailableError} ERR_BACKEND_UNAVAILABLE: the backend is not available
 * @throws {WinwireError} E_INVALIDARG: an invalid property; E_OUTOFMEMORY
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
 * @param handle a client whose handshake has not begun
 * @param subprotocols the sub-protocols to offer, one token each
 * @param extensions the extensions to offer, one each
 * @param headers the other headers of the request; a header of the result replaces one with the same name here
 * @returns the headers to add to the GET request
 * @throws {TypeError} ERR_INVALID_CHAR: CR, LF, NUL or a character above U+00FF in a string
 * @throws {WinwireError} E_INVALID_PROTOCOL_OPERATION: not a client, or already begun; E_INVALIDARG: an invalid token
 */
export function WebSocketBeginClientHandshake(
  handle: WebSocketHandle,
  subprotocols?: readonly string[] | undefined,
  extensions?: readonly string[] | undefined,
  headers?: readonly HttpHeader[] | undefined,
): HttpHeader[] {
  const state = stateOf(handle);
  const protocolList = packTokens(subprotocols, 'subprotocols');
  const offered = protocolList?.split('\0').slice(0, -1) ?? [];
  const extensionList = packTokens(extensions, 'extensions');
  const headerList = packOptionalHeaders(headers, 'headers');
  const result = loadNative().beginClientHandshake(openNative(state), protocolList, extensionList, headerList);
  if (typeof result === 'number') failIn(state, 'WebSocketBeginClientHandshake', result, () => tokensText(offered));
  state.phase = 'begun';
  state.offered = offered;
  return pairUp(result);
}

/**
 * Verifies the server's answer and opens a client. The caller must check the status line (101).
 *
 * Source: Microsoft, WebSocketEndClientHandshake function (websocket.h).
 *
 * @param handle a client that has begun its handshake
 * @param headers all headers of the response
 * @returns the indices of the extensions and of the sub-protocol that the server chose
 * @throws {TypeError} ERR_INVALID_CHAR: CR, LF, NUL or a character above U+00FF in a string
 * @throws {WinwireError} E_INVALID_PROTOCOL_FORMAT: a header is missing or wrong; E_SUBPROTOCOL_NOT_SUPPORTED,
 *   E_PROTOCOL_EXTENSIONS_NOT_SUPPORTED: the server chose what was not offered; E_INVALID_PROTOCOL_OPERATION: not a
 *   client, or not begun
 */
export function WebSocketEndClientHandshake(handle: WebSocketHandle, headers: readonly HttpHeader[]): SelectedOptions {
  const state = stateOf(handle);
  const headerList = packHeaderObjects(headers, 'headers');
  const result = loadNative().endClientHandshake(openNative(state), headerList);
  if (typeof result === 'number') {
    const detail = answerText(result, state.offered, headerList);
    if (detail !== undefined) failWith('WebSocketEndClientHandshake', result, detail);
    failIn(state, 'WebSocketEndClientHandshake', result, noAdvice);
  }
  state.phase = 'open';
  const [subprotocol = -1, ...selectedExtensions] = result;
  return { selectedExtensions, selectedSubprotocol: subprotocol < 0 ? undefined : subprotocol };
}

/**
 * Creates the handle of a server. The caller must delete it with WebSocketDeleteHandle.
 *
 * Source: Microsoft, WebSocketCreateServerHandle function (websocket.h).
 *
 * @param properties each is `{ type, value }`; the component validates types, sizes and values
 * @param options `backend`: see `backends`
 * @throws {TypeError} ERR_INVALID_ARG_VALUE: ALLOCATED_BUFFER, or an unknown backend
 * @throws {BackendUnavailableError} ERR_BACKEND_UNAVAILABLE: the backend is not available
 * @throws {WinwireError} E_INVALIDARG: an invalid property; E_OUTOFMEMORY
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
 * @param handle a server whose handshake has not begun
 * @param subprotocol one of the sub-protocols that the request offers, or `undefined`
 * @param extensions some of the extensions that the request offers, or `undefined`
 * @param headers all headers of the request
 * @returns the headers to add to the 101 response
 * @throws {TypeError} ERR_INVALID_CHAR: CR, LF, NUL or a character above U+00FF in a string
 * @throws {WinwireError} E_INVALID_PROTOCOL_FORMAT: a header is missing or wrong; E_PROTOCOL_VERSION_NOT_SUPPORTED: not
 *   version 13; E_SUBPROTOCOL_NOT_SUPPORTED, E_PROTOCOL_EXTENSIONS_NOT_SUPPORTED: the choice was not offered;
 *   E_INVALID_PROTOCOL_OPERATION: not a server, or already begun
 */
export function WebSocketBeginServerHandshake(
  handle: WebSocketHandle,
  subprotocol: string | undefined,
  extensions: readonly string[] | undefined,
  headers: readonly HttpHeader[],
): HttpHeader[] {
  const state = stateOf(handle);
  const protocol = validateToken(subprotocol, 'subprotocol');
  const extensionList = packTokens(extensions, 'extensions');
  const headerList = packHeaderObjects(headers, 'headers');
  const result = loadNative().beginServerHandshake(openNative(state), protocol, extensionList, headerList);
  if (typeof result === 'number') {
    const detail = requestText(result, protocol, headerList);
    if (detail !== undefined) failWith('WebSocketBeginServerHandshake', result, detail);
    failIn(state, 'WebSocketBeginServerHandshake', result, () => tokensText(protocol === null ? [] : [protocol]));
  }
  state.phase = 'begun';
  return pairUp(result);
}

/**
 * Opens a server. Optional: the first WebSocketSend, WebSocketReceive or WebSocketGetAction does the same.
 *
 * Source: Microsoft, WebSocketEndServerHandshake function (websocket.h).
 *
 * @param handle a server that has begun its handshake
 * @throws {WinwireError} E_INVALID_PROTOCOL_OPERATION: not a server, or not begun; E_OUTOFMEMORY
 */
export function WebSocketEndServerHandshake(handle: WebSocketHandle): void {
  const state = stateOf(handle);
  const status = loadNative().endServerHandshake(openNative(state));
  if (status < 0) failIn(state, 'WebSocketEndServerHandshake', status, noAdvice);
  state.phase = 'open';
}

/**
 * Returns a property of the component.
 *
 * Source: Microsoft, WebSocketGetGlobalProperty function (websocket.h).
 *
 * @param type PropertyType.KEEPALIVE_INTERVAL or SUPPORTED_VERSIONS; the component validates other values
 * @param options `backend`: see `backends`
 * @returns the keep-alive interval in milliseconds, or the list of versions
 * @throws {BackendUnavailableError} ERR_BACKEND_UNAVAILABLE: the backend is not available
 * @throws {WinwireError} E_INVALIDARG: not a global property
 */
export function WebSocketGetGlobalProperty(type: number, options?: BackendOption | undefined): number | number[] {
  const which = validateUint32(type, 'type');
  const backend = chooseBackend(validateBackendOption(options));
  const result = loadNative().getGlobalProperty(backend, which);
  if (result === undefined) throw backendUnavailable(backend);
  if (typeof result === 'number') failWith('WebSocketGetGlobalProperty', result, propertyText(which));
  return which === PropertyType.SUPPORTED_VERSIONS ? result : (result[0] ?? 0);
}

const noAdvice = (): undefined => undefined;

function create(
  role: 'client' | 'server',
  syscall: string,
  properties: unknown,
  options: BackendOption | undefined,
): WebSocketHandle {
  const { types, values } = parseProperties(properties, 'properties');
  const backend = chooseBackend(validateBackendOption(options));
  const handle = loadNative().createHandle(role === 'server', backend, types, values);
  if (handle === undefined) throw backendUnavailable(backend);
  if (typeof handle === 'number') failWith(syscall, handle, creationText(properties));
  return createHandle(handle, backend, role);
}

function pairUp(strings: readonly string[]): HttpHeader[] {
  const headers: HttpHeader[] = [];
  for (let index = 0; index + 1 < strings.length; index += 2) {
    headers.push({ name: strings[index] as string, value: strings[index + 1] as string });
  }
  return headers;
}
