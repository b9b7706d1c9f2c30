/** The accepting side of the opening handshake, RFC 6455 section 4.2, on a node:http(s) server. */
import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { isUint8Array } from 'node:util/types';
import {
  argumentOutOfRange,
  componentError,
  invalidArgumentType,
  invalidCharacter,
  WinwireError,
} from '../../errors.ts';
import { HResult } from '../../hresult.ts';
import { loadNative } from '../../native.ts';
import { validateObject } from '../../options.ts';
import { startLimit } from '../../time-limit.ts';
import { UNSAFE_IN_HEADER } from '../functions/function-arguments.ts';
import { requestText } from '../functions/handshake-advice.ts';
import { failWith } from '../functions/native-status.ts';
import { LINGER } from './close-status.ts';
import { ConnectionError } from './connection-errors.ts';
import type { ConnectionParts } from './connection-types.ts';
import { HANDLE_OPTIONS, type HandleOptions, HandshakeHandle, packHeaders } from './handshake.ts';
import { connectionLimits } from './limits.ts';
import { prepareTransport } from './transport.ts';

/** Options of WebSocketConnection.accept. */
export interface AcceptOptions extends HandleOptions {
  /** One of the request's sub-protocols. */
  readonly subprotocol?: string | undefined;
  /** Further headers of the 101 response. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** @internal A set that contains the connection until it ends. */
  readonly clients?: Set<object> | undefined;
}

/** The {@link AcceptOptions} that a server shares, and the names that other packages use. */
export const SHARED_OPTIONS = {
  names: ['headers', ...HANDLE_OPTIONS.names],
  instead: { ...HANDLE_OPTIONS.instead, perMessageDeflate: 'no compression: the component has none' },
};

const ACCEPT_OPTIONS = {
  names: ['subprotocol', 'clients', ...SHARED_OPTIONS.names],
  instead: { ...SHARED_OPTIONS.instead, protocol: 'subprotocol', subprotocols: 'subprotocol' },
};

/** A property of the socket takes less memory than a set of all sockets. */
const ANSWERED = Symbol('winwire.answered');

/** Marks the socket as answered: a second answer would be written into an open connection. */
function answer(socket: Duplex & { [ANSWERED]?: boolean }): void {
  if (socket[ANSWERED]) throw new ConnectionError('ERR_WEBSOCKET_HANDSHAKE', 'The request was answered before');
  socket[ANSWERED] = true;
}

/**
 * Validates the arguments of a node:http server's `upgrade` event.
 *
 * @throws {TypeError} ERR_INVALID_ARG_TYPE for anything else.
 */
export function checkUpgrade(request: unknown, socket: unknown, head: unknown): void {
  if (!Array.isArray((request as IncomingMessage | undefined)?.rawHeaders)) {
    throw invalidArgumentType('request', 'an http.IncomingMessage', request);
  }
  if (typeof (socket as Duplex | undefined)?.write !== 'function') {
    throw invalidArgumentType('socket', 'a stream.Duplex', socket);
  }
  if (!isUint8Array(head)) throw invalidArgumentType('head', 'a Buffer or Uint8Array', head);
}

/**
 * Answers the request with 101 and returns the open connection. If the request is rejected, answers with an error and
 * closes the socket.
 */
export function acceptUpgrade(
  request: IncomingMessage,
  socket: Duplex,
  head: Uint8Array,
  given: AcceptOptions,
): ConnectionParts {
  const options: AcceptOptions = validateObject(given, 'options', ACCEPT_OPTIONS);
  checkUpgrade(request, socket, head);
  answer(socket);
  let open: HandshakeHandle | undefined;
  try {
    const limits = connectionLimits(options.limits);
    const handle = new HandshakeHandle(true, options);
    open = handle;
    const response = beginHandshake(handle, request, options.subprotocol);
    socket.write(responseHead([...response, ...Object.entries(options.headers ?? {}).flat()]));
    check('WebSocketEndServerHandshake', loadNative().endServerHandshake(handle.native));
    return {
      transport: prepareTransport(socket),
      head,
      makePump: (owner) => handle.makePump(owner, limits),
      role: 'server',
      backend: handle.backend,
      subprotocol: options.subprotocol ?? '',
      limits,
      keepAliveInterval: handle.keepAliveInterval,
      clients: options.clients,
    };
  } catch (error) {
    open?.delete();
    writeRefusal(socket, refusalStatus(error, request), []);
    throw error;
  }
}

/**
 * Answers an upgrade request with an HTTP error and closes its socket.
 *
 * @throws {TypeError} for a status or header that cannot be written; the answer is then 500.
 */
export function refuseUpgrade(socket: Duplex, status: number, headers: Readonly<Record<string, string>> = {}): void {
  answer(socket);
  const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  if (!Number.isInteger(status) || status < 300 || status > 599) {
    writeRefusal(socket, 500, []);
    throw argumentOutOfRange('status', 'an integer from 300 to 599', status);
  }
  if (fields.some((field) => UNSAFE_IN_HEADER.test(field))) {
    writeRefusal(socket, 500, []);
    throw invalidCharacter('headers');
  }
  writeRefusal(socket, status, fields);
}

function writeRefusal(socket: Duplex, status: number, fields: readonly string[]): void {
  const text = STATUS_CODES[status] ?? '';
  const lines = [`HTTP/1.1 ${status} ${text}`, 'Connection: close', 'Content-Type: text/plain', ...fields];
  if (status === 426) lines.push('Sec-WebSocket-Version: 13');
  lines.push(`Content-Length: ${Buffer.byteLength(text)}`);
  // A reset by the peer is not an error of the server.
  socket.once('error', () => {});
  socket.end(`${lines.join('\r\n')}\r\n\r\n${text}`, 'latin1');
  // Otherwise a peer that neither reads nor closes would keep the socket and a closing server open.
  const limit = startLimit(LINGER, () => socket.destroy());
  socket.once('close', () => clearTimeout(limit)).resume();
}

function beginHandshake(handle: HandshakeHandle, request: IncomingMessage, subprotocol: string | undefined): string[] {
  const headers = packHeaders(request.rawHeaders);
  const selected = subprotocol === undefined ? null : subprotocol;
  const response = loadNative().beginServerHandshake(handle.native, selected, null, headers);
  if (typeof response !== 'number') return response;
  failWith('WebSocketBeginServerHandshake', response, requestText(response, selected, headers));
}

function responseHead(rawHeaders: readonly string[]): string {
  return `HTTP/1.1 101 Switching Protocols\r\n${headerLines(rawHeaders)}\r\n`;
}

function headerLines(rawHeaders: readonly string[]): string {
  let lines = '';
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (UNSAFE_IN_HEADER.test(`${rawHeaders[i]}${rawHeaders[i + 1]}`)) throw invalidCharacter('headers');
    lines += `${rawHeaders[i]}: ${rawHeaders[i + 1]}\r\n`;
  }
  return lines;
}

/** Throws for headers that cannot be written. */
export function validateHeaders(given: unknown): void {
  headerLines(Object.entries(validateObject(given, 'headers') as Readonly<Record<string, string>>).flat());
}

/** RFC 6455 section 4.2.2: 426 lists the supported versions. Other errors are the server's: 500. */
function refusalStatus(error: unknown, request: IncomingMessage): number {
  if (!(error instanceof WinwireError) || error.syscall !== 'WebSocketBeginServerHandshake') return 500;
  if (error.hresult === HResult.E_UNEXPECTED) return 500;
  // The component's code for another version is not documented.
  const version = request.headers['sec-websocket-version'];
  return version !== undefined && version !== '13' ? 426 : 400;
}

function check(syscall: string, status: number): never[] {
  if (status < 0) throw componentError(syscall, status);
  return [];
}
