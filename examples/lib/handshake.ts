// Both sides of the opening handshake: the functions create and verify the headers, node:http sends them.
import * as http from 'node:http';
import * as https from 'node:https';
import type { Duplex } from 'node:stream';
import { WinwireError } from 'winwire';
import type { BackendName, HttpHeader, WebSocketHandle, WebSocketProperty } from 'winwire/sys';
import { PropertyType, websocketFunctions } from 'winwire/sys';
import { Endpoint, type EndpointOptions } from './endpoint.ts';

export interface HandleOptions extends EndpointOptions {
  backend?: BackendName;
  /** Size of the receive buffer: how much is read and indicated at a time. */
  receiveBufferSize?: number;
  /** Size of the send buffer for masked bytes: the longest frame of a client. */
  sendBufferSize?: number;
  /**
   * Who checks that text is UTF-8. The handle reports invalid text and invalid frames with the same HRESULT, so both
   * would end with 1002. The endpoint decodes text anyway and can send 1007.
   */
  utf8Check?: 'endpoint' | 'handle';
}

export interface ConnectOptions extends HandleOptions {
  /** ws: or wss: */
  url: string | URL;
  subprotocols?: string[];
  /** Further options of the GET: headers, or for TLS a trusted certificate. */
  request?: https.RequestOptions;
}

/** Returns the creation properties of a handle. */
function propertiesOf(options: HandleOptions): WebSocketProperty[] {
  const properties: WebSocketProperty[] = [
    { type: PropertyType.RECEIVE_BUFFER_SIZE, value: options.receiveBufferSize ?? 64 * 1024 },
  ];
  if (options.sendBufferSize !== undefined) {
    properties.push({ type: PropertyType.SEND_BUFFER_SIZE, value: options.sendBufferSize });
  }
  if (options.utf8Check !== 'handle') {
    properties.push({ type: PropertyType.DISABLE_UTF8_VERIFICATION, value: true });
  }
  return properties;
}

/** Returns the headers of a message as received: all of them, in order. */
function headersOf(message: http.IncomingMessage): HttpHeader[] {
  const headers: HttpHeader[] = [];
  for (let i = 0; i + 1 < message.rawHeaders.length; i += 2) {
    headers.push({ name: message.rawHeaders[i] ?? '', value: message.rawHeaders[i + 1] ?? '' });
  }
  return headers;
}

/** A connection after its handshake: its owner deletes the handle and destroys the socket. */
export interface Opened {
  handle: WebSocketHandle;
  socket: Duplex;
}

/** Opens a connection to a server. */
export async function connect(options: ConnectOptions): Promise<Endpoint> {
  const { handle, socket } = await shakeHandsAsClient(options);
  return new Endpoint(handle, socket, options);
}

/** Answers an `upgrade` event of a node:http server. Returns undefined if it rejected the handshake. */
export function accept(
  message: http.IncomingMessage,
  socket: Duplex,
  head: Buffer,
  options: HandleOptions = {},
): Endpoint | undefined {
  const handle = shakeHandsAsServer(message, socket, head, options);
  return handle && new Endpoint(handle, socket, options);
}

/** Begin, GET, 101, End. */
export async function shakeHandsAsClient(options: ConnectOptions): Promise<Opened> {
  const functions = options.functions ?? websocketFunctions;
  const url = new URL(options.url);
  const handle = functions.WebSocketCreateClientHandle(propertiesOf(options), { backend: options.backend });
  let socket: Duplex | undefined;
  try {
    const host = { name: 'Host', value: url.host };
    const headers = functions.WebSocketBeginClientHandshake(handle, options.subprotocols, undefined, [host]);
    const answer = await get(url, headers, options.request);
    socket = answer.socket;
    functions.WebSocketEndClientHandshake(handle, headersOf(answer.response));
    // Bytes that arrived with the 101 are read again, as the first bytes of the connection.
    if (answer.head.length > 0) socket.unshift(answer.head);
    return { handle, socket };
  } catch (error) {
    socket?.destroy();
    functions.WebSocketDeleteHandle(handle);
    throw error;
  }
}

interface Answer {
  response: http.IncomingMessage;
  socket: Duplex;
  head: Buffer;
}

function get(url: URL, headers: readonly HttpHeader[], more: https.RequestOptions = {}): Promise<Answer> {
  const request = (url.protocol === 'wss:' ? https : http).request({
    ...more,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port || undefined,
    path: url.pathname + url.search,
    headers: { ...more.headers, ...Object.fromEntries(headers.map(({ name, value }) => [name, value])) },
  });
  return new Promise((resolve, reject) => {
    request.on('upgrade', (response, socket, head) => resolve({ response, socket, head }));
    request.on('response', (response) => {
      response.destroy();
      reject(new Error(`the server answered ${response.statusCode} ${response.statusMessage}, not 101`));
    });
    request.on('error', reject);
    request.end();
  });
}

/** Begin, 101, End. */
function shakeHandsAsServer(
  message: http.IncomingMessage,
  socket: Duplex,
  head: Buffer,
  options: HandleOptions = {},
): WebSocketHandle | undefined {
  const functions = options.functions ?? websocketFunctions;
  // The functions check only headers (RFC 6455, 4.2.1 requires a GET).
  if (message.method !== 'GET') {
    refuse(socket, 405, [{ name: 'Allow', value: 'GET' }]);
    return undefined;
  }
  const handle = functions.WebSocketCreateServerHandle(propertiesOf(options), { backend: options.backend });
  let headers: HttpHeader[];
  try {
    headers = functions.WebSocketBeginServerHandshake(handle, undefined, undefined, headersOf(message));
  } catch (error) {
    functions.WebSocketDeleteHandle(handle);
    refuseFor(error, message, socket);
    return undefined;
  }
  socket.write(responseHead(101, headers));
  functions.WebSocketEndServerHandshake(handle);
  if (head.length > 0) socket.unshift(head);
  return handle;
}

function refuseFor(error: unknown, message: http.IncomingMessage, socket: Duplex): void {
  if (!(error instanceof WinwireError)) {
    socket.destroy();
    throw error;
  }
  // RFC 6455, 4.2.2: the answer to an unsupported version lists the supported ones.
  const version = message.headers['sec-websocket-version'];
  if (version !== undefined && version !== '13') {
    refuse(socket, 426, [{ name: 'Sec-WebSocket-Version', value: '13' }]);
  } else refuse(socket, 400);
}

function refuse(socket: Duplex, status: number, headers: readonly HttpHeader[] = []): void {
  socket.on('error', () => socket.destroy());
  socket.end(responseHead(status, [{ name: 'Connection', value: 'close' }, ...headers]));
}

function responseHead(status: number, headers: readonly HttpHeader[]): string {
  const lines = headers.map(({ name, value }) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${http.STATUS_CODES[status]}\r\n${lines.join('')}\r\n`;
}
