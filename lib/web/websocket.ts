/** WebSocket: the WHATWG class, over a WebSocketConnection. The numbered comments are steps of the WHATWG standard. */
import type { ConnectOptions } from '../connection/connect.ts';
import { WebSocketConnection } from '../connection/connection.ts';
import type { Message } from '../connection/inbox.ts';
import type { CloseInfo } from '../connection/types.ts';
import { CloseEvent, WebSocketErrorEvent } from './events.ts';

/** As what a binary message comes. */
export type BinaryType = 'blob' | 'arraybuffer';

/** What Node adds to the second argument: the options of WebSocketConnection.connect, and `protocols`. */
export interface WebSocketInit extends Omit<ConnectOptions, 'subprotocols' | 'signal'> {
  readonly protocols?: string | readonly string[] | undefined;
}

type Handler<E extends Event> = ((this: WebSocket, event: E) => unknown) | null;

const CONNECTING = 0;
const OPEN = 1;
const CLOSING = 2;
const CLOSED = 3;

/** RFC 9110 section 5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/;
const MAX_REASON_BYTES = 123;

/**
 * A WebSocket as browsers have it. Assign it to `globalThis.WebSocket` to use it everywhere.
 *
 * Source: WHATWG WebSockets, "The WebSocket interface".
 */
export class WebSocket extends EventTarget {
  static readonly CONNECTING = CONNECTING;
  static readonly OPEN = OPEN;
  static readonly CLOSING = CLOSING;
  static readonly CLOSED = CLOSED;
  readonly CONNECTING = CONNECTING;
  readonly OPEN = OPEN;
  readonly CLOSING = CLOSING;
  readonly CLOSED = CLOSED;

  readonly #url: URL;
  readonly #attempt = new AbortController();
  readonly #handlers = new Map<string, { handler: Handler<Event>; listener: (event: Event) => void }>();
  #connection: WebSocketConnection | undefined;
  #readyState = CONNECTING;
  #binaryType: BinaryType = 'blob';
  // Bytes passed to send() that the transport has not taken, be it because it never will.
  #bufferedAmount = 0;
  #failure: unknown;

  /**
   * Begins to connect.
   *
   * @throws {DOMException} SyntaxError for a URL or sub-protocol that is none, or a sub-protocol given twice.
   */
  constructor(url: string | URL, protocols: string | readonly string[] | WebSocketInit = []) {
    super();
    const init = isInit(protocols) ? protocols : { protocols };
    this.#url = parseUrl(url);
    const subprotocols = readSubprotocols(init.protocols ?? []);
    const { protocols: _, ...options } = init;
    const attempt = WebSocketConnection.connect(this.#url, { ...options, subprotocols, signal: this.#attempt.signal });
    attempt.then(
      (connection) => this.#opened(connection),
      (error: unknown) => this.#ended({ code: 1006, reason: '', wasClean: false }, error),
    );
  }

  /** Where the connection leads, as it was parsed. */
  get url(): string {
    return this.#url.href;
  }

  /** CONNECTING, OPEN, CLOSING or CLOSED. */
  get readyState(): number {
    return this.#readyState;
  }

  /** Payload bytes passed to `send` that the network has not taken; does not fall to 0 when the connection closes. */
  get bufferedAmount(): number {
    return this.#bufferedAmount;
  }

  /** Always empty: the component has no extensions of its own. */
  get extensions(): string {
    return '';
  }

  /** The sub-protocol agreed on, or the empty string. */
  get protocol(): string {
    return this.#connection?.subprotocol ?? '';
  }

  /** As what a binary message comes; `blob` at first. */
  get binaryType(): BinaryType {
    return this.#binaryType;
  }

  /** What is no member of the enumeration changes nothing. */
  set binaryType(value: BinaryType) {
    // WebIDL: assigning what is no member of the enumeration does nothing.
    if (value === 'blob' || value === 'arraybuffer') this.#binaryType = value;
  }

  /**
   * Queues a message.
   *
   * @throws {DOMException} InvalidStateError before the connection is open.
   */
  send(...values: [data: string | ArrayBufferLike | ArrayBufferView | Blob]): void {
    if (!(0 in values)) throw new TypeError('WebSocket.send needs one argument');
    const [data] = values;
    if (this.#readyState === CONNECTING) {
      throw new DOMException('The connection is not open yet', 'InvalidStateError');
    }
    const message = isBinary(data) ? data : String(data);
    const size = sizeOf(message);
    this.#bufferedAmount += size;
    if (this.#readyState !== OPEN || this.#connection === undefined) return;
    this.#connection.send(message).then(
      () => {
        this.#bufferedAmount -= size;
      },
      () => {},
    );
  }

  /**
   * Closes, or gives up connecting.
   *
   * @throws {DOMException} InvalidAccessError for another code than 1000 and 3000 to 4999; SyntaxError for a reason of
   * more than 123 bytes of UTF-8.
   */
  close(code?: number, reason?: string): void {
    const status = code === undefined ? undefined : toUnsignedShort(code);
    if (status !== undefined && status !== 1000 && !(status >= 3000 && status <= 4999)) {
      throw new DOMException(`The close code ${status} is neither 1000 nor 3000 to 4999`, 'InvalidAccessError');
    }
    const text = reason === undefined ? '' : String(reason);
    if (Buffer.byteLength(text) > MAX_REASON_BYTES) {
      throw new DOMException(`The close reason is longer than ${MAX_REASON_BYTES} bytes`, 'SyntaxError');
    }
    if (this.#readyState >= CLOSING) return;
    const wasConnecting = this.#readyState === CONNECTING;
    this.#readyState = CLOSING;
    if (wasConnecting)
      this.#attempt.abort(new DOMException('close() was called before the connection was open', 'AbortError'));
    else this.#connection?.close(status, text).catch(() => {});
  }

  /** A listener for `open`, or null. */
  get onopen(): Handler<Event> {
    return this.#handler('open');
  }
  /** Replaces the listener before; null takes it away. */
  set onopen(handler: Handler<Event>) {
    this.#setHandler('open', handler);
  }
  /** A listener for `message`, or null. */
  get onmessage(): Handler<MessageEvent> {
    return this.#handler('message') as Handler<MessageEvent>;
  }
  /** Replaces the listener before; null takes it away. */
  set onmessage(handler: Handler<MessageEvent>) {
    this.#setHandler('message', handler as Handler<Event>);
  }
  /** A listener for `error`, or null. */
  get onerror(): Handler<Event> {
    return this.#handler('error');
  }
  /** Replaces the listener before; null takes it away. */
  set onerror(handler: Handler<Event>) {
    this.#setHandler('error', handler);
  }
  /** A listener for `close`, or null. */
  get onclose(): Handler<CloseEvent> {
    return this.#handler('close') as Handler<CloseEvent>;
  }
  /** Replaces the listener before; null takes it away. */
  set onclose(handler: Handler<CloseEvent>) {
    this.#setHandler('close', handler as Handler<Event>);
  }

  #handler(type: string): Handler<Event> {
    return this.#handlers.get(type)?.handler ?? null;
  }

  #setHandler(type: string, handler: Handler<Event>): void {
    const known = this.#handlers.get(type);
    if (known !== undefined) this.removeEventListener(type, known.listener);
    this.#handlers.delete(type);
    if (typeof handler !== 'function') return;
    const listener = (event: Event) => void handler.call(this, event);
    this.#handlers.set(type, { handler, listener });
    this.addEventListener(type, listener);
  }

  #opened(connection: WebSocketConnection): void {
    if (this.#readyState !== CONNECTING) {
      connection.abort();
      return;
    }
    this.#connection = connection;
    this.#readyState = OPEN;
    connection.on('message', (message) => this.#message(message));
    connection.on('closing', () => {
      this.#readyState = CLOSING;
    });
    connection.on('error', (error) => {
      this.#failure = error;
    });
    connection.on('close', (info) => this.#ended(info, this.#failure));
    this.dispatchEvent(new Event('open'));
  }

  #message(message: Message): void {
    // "If the ready state is not OPEN, then return."
    if (this.#readyState !== OPEN) return;
    this.dispatchEvent(new MessageEvent('message', { data: this.#dataOf(message), origin: this.#url.origin }));
  }

  #dataOf(message: Message): string | Blob | ArrayBuffer {
    if (typeof message === 'string') return message;
    if (this.#binaryType === 'blob') return new Blob([message]);
    return message.buffer.slice(message.byteOffset, message.byteOffset + message.byteLength) as ArrayBuffer;
  }

  /** "When the WebSocket connection is closed": error if it failed, then close. */
  #ended(info: CloseInfo, failure: unknown): void {
    this.#readyState = CLOSED;
    if (failure !== undefined) this.dispatchEvent(new WebSocketErrorEvent(failure));
    this.dispatchEvent(new CloseEvent('close', { ...info }));
  }
}

function isInit(value: unknown): value is WebSocketInit {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** "To establish a WebSocket": http and https stand for ws and wss, and a fragment is an error. */
function parseUrl(url: string | URL): URL {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw new DOMException(`Not a URL: ${url}`, 'SyntaxError');
  }
  if (parsed.protocol === 'http:' || parsed.protocol === 'https:')
    parsed.protocol = parsed.protocol.replace('http', 'ws');
  if (parsed.protocol !== 'ws:' && parsed.protocol !== 'wss:') {
    throw new DOMException(`Not a WebSocket URL: ${parsed.href}`, 'SyntaxError');
  }
  if (parsed.hash !== '' || parsed.href.endsWith('#')) throw new DOMException('The URL has a fragment', 'SyntaxError');
  return parsed;
}

function readSubprotocols(protocols: string | readonly string[]): string[] {
  const list = typeof protocols === 'string' ? [protocols] : Array.from(protocols, String);
  const unique = new Set(list.map((protocol) => protocol.toLowerCase()));
  if (unique.size !== list.length || !list.every((protocol) => TOKEN.test(protocol))) {
    throw new DOMException('The sub-protocols must be tokens and each given once', 'SyntaxError');
  }
  return list;
}

function isBinary(data: unknown): data is ArrayBufferLike | ArrayBufferView | Blob {
  return (
    data instanceof ArrayBuffer || ArrayBuffer.isView(data) || data instanceof Blob || data instanceof SharedArrayBuffer
  );
}

function sizeOf(data: string | ArrayBufferLike | ArrayBufferView | Blob): number {
  if (typeof data === 'string') return Buffer.byteLength(data);
  return data instanceof Blob ? data.size : data.byteLength;
}

/** WebIDL [Clamp] unsigned short. */
function toUnsignedShort(value: number): number {
  const number = Number(value);
  return Number.isNaN(number) ? 0 : Math.min(Math.max(Math.round(number), 0), 65_535);
}
