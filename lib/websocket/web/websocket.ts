/** WebSocket: the WHATWG class, over a WebSocketConnection. The numbered comments are steps of the WHATWG standard. */

import { abortErrorOf } from '../../abort-signal.ts';
import { type CloseInfo, CloseStatus, LOST } from '../../close-codes.ts';
import { ConnectionError } from '../connection/connection-errors.ts';
import type { Message } from '../connection/inbox.ts';
import { WebSocketConnection } from '../connection/websocket-connection.ts';
import { isBadPort } from './bad-ports.ts';
import { EventHandlers } from './event-handlers.ts';
import { CloseEvent, WebSocketErrorEvent } from './events.ts';
import { defineInterface, requireArgument, toDOMString } from './web-idl.ts';
import {
  connectOptions,
  normalizeData,
  parseWebSocketUrl,
  sizeOf,
  validateWebClose,
  type WebSocketData,
  type WebSocketInit,
} from './websocket-arguments.ts';

/** How binary messages are delivered. */
export type BinaryType = 'blob' | 'arraybuffer';

type Handler<E extends Event> = ((this: WebSocket, event: E) => unknown) | null;

const CONNECTING = 0;
const OPEN = 1;
const CLOSING = 2;
const CLOSED = 3;

/**
 * The `WebSocket` class of browsers. Assign it to `globalThis.WebSocket` to use it everywhere.
 *
 * Source: WHATWG WebSockets, "The WebSocket interface".
 */
export class WebSocket extends EventTarget {
  declare static readonly CONNECTING: 0;
  declare static readonly OPEN: 1;
  declare static readonly CLOSING: 2;
  declare static readonly CLOSED: 3;
  declare readonly CONNECTING: 0;
  declare readonly OPEN: 1;
  declare readonly CLOSING: 2;
  declare readonly CLOSED: 3;

  readonly #url: URL;
  readonly #attempt = new AbortController();
  readonly #handlers = new EventHandlers(this);
  readonly #extensions = '';
  #connection: WebSocketConnection | undefined;
  #readyState = CONNECTING;
  #binaryType: BinaryType = 'blob';
  // Bytes passed to send() that the system has not accepted.
  #bufferedAmount = 0;
  // Settles when no message waits for a Blob.
  #turn: Promise<void> | undefined;
  #failure: unknown;

  /**
   * Starts to connect. The connection fails for a port of another protocol, such as 25, as in browsers.
   *
   * @throws {DOMException} SyntaxError for an invalid URL or sub-protocol, or a duplicate sub-protocol.
   */
  constructor(url: string | URL, protocols: string | Iterable<string> | WebSocketInit = []) {
    // biome-ignore lint/complexity/noArguments: a missing argument is an error, `undefined` is not, and `length` must be 1
    requireArgument(arguments.length, 'WebSocket');
    super();
    this.#url = parseWebSocketUrl(url);
    const options = connectOptions(protocols);
    const attempt = isBadPort(this.#url)
      ? Promise.reject(new DOMException(`Port ${this.#url.port} belongs to another protocol: blocked`, 'SecurityError'))
      : WebSocketConnection.connect(this.#url, { ...options, signal: this.#attempt.signal });
    attempt.then(
      (connection) => this.#opened(connection),
      (error: unknown) => this.#failed(error),
    );
  }

  /** The parsed URL. */
  get url(): string {
    return this.#url.href;
  }

  /** CONNECTING, OPEN, CLOSING or CLOSED. */
  get readyState(): number {
    return this.#readyState;
  }

  /**
   * Payload bytes passed to `send` that the operating system has not accepted; not reset to 0 when the connection
   * closes.
   */
  get bufferedAmount(): number {
    return this.#bufferedAmount;
  }

  /** Always empty: the component does not implement extensions. */
  get extensions(): string {
    return this.#extensions;
  }

  /** The negotiated sub-protocol, or the empty string. */
  get protocol(): string {
    return this.#connection?.subprotocol ?? '';
  }

  /** How binary messages are delivered; default `blob`. */
  get binaryType(): BinaryType {
    return this.#binaryType;
  }

  /** Unknown values are ignored. */
  set binaryType(value: BinaryType) {
    const name = toDOMString(value);
    this.#binaryType = name === 'blob' || name === 'arraybuffer' ? name : this.#binaryType;
  }

  /**
   * Queues a message. Values other than bytes and Blobs are converted to text. If the connection's limits are exceeded,
   * or a Blob cannot be read, the connection fails.
   *
   * @throws {DOMException} InvalidStateError before the connection is open; {TypeError} without an argument.
   */
  send(data: WebSocketData): void {
    // biome-ignore lint/complexity/noArguments: no argument is an error, and `undefined` is sent as text
    requireArgument(arguments.length, 'send');
    const message = normalizeData(data);
    if (this.#readyState === CONNECTING) {
      throw new DOMException('The connection is not open yet: wait for the event "open"', 'InvalidStateError');
    }
    const size = sizeOf(message);
    this.#bufferedAmount += size;
    if (this.#readyState === OPEN && this.#connection !== undefined) this.#send(this.#connection, message, size);
  }

  #send(connection: WebSocketConnection, message: WebSocketData, size: number): void {
    const sent = connection.send(message).then(
      () => {
        this.#bufferedAmount -= size;
      },
      (error: unknown) => {
        if (isFull(error)) this.#flagAsFull(connection, error);
        else if (error instanceof DOMException) this.#failUnreadable(connection, error);
      },
    );
    if (this.#turn === undefined && !(message instanceof Blob)) return;
    const turn: Promise<void> = sent.then(() => {
      if (this.#turn === turn) this.#turn = undefined;
    });
    this.#turn = turn;
  }

  /** Fails the connection: later messages must not arrive without the unreadable Blob. */
  #failUnreadable(connection: WebSocketConnection, error: DOMException): void {
    this.#failure ??= error;
    connection.abort(error);
  }

  /** "Flag the WebSocket as full and then close the WebSocket connection": the queued messages are sent first. */
  #flagAsFull(connection: WebSocketConnection, error: unknown): void {
    this.#failure ??= error;
    if (this.#readyState !== OPEN) return;
    this.#readyState = CLOSING;
    this.#closeInTurn(connection, CloseStatus.SERVER_ERROR);
  }

  /**
   * Closes after the queued messages, or cancels connecting.
   *
   * @throws {DOMException} InvalidAccessError for a code other than 1000 and 3000 to 4999; SyntaxError for a reason of
   *   more than 123 bytes of UTF-8.
   */
  close(code: number | undefined = undefined, reason: string | undefined = undefined): void {
    const state = this.#readyState;
    const payload = validateWebClose(code, reason);
    if (state >= CLOSING) return;
    this.#readyState = CLOSING;
    if (state === CONNECTING) {
      this.#attempt.abort(new DOMException('close() was called before the connection was open', 'AbortError'));
      return;
    }
    if (this.#connection !== undefined) this.#closeInTurn(this.#connection, payload.code, payload.reason);
  }

  /** Closes after the messages that wait for a Blob. */
  #closeInTurn(connection: WebSocketConnection, code?: number, reason?: string): void {
    const close = () => void connection.close(code, reason).catch(() => {});
    if (this.#turn === undefined) close();
    else this.#turn.then(close);
  }

  /** The listener for `open`, or null. */
  get onopen(): Handler<Event> {
    return this.#handlers.get('open') as Handler<Event>;
  }
  /** Replaces the listener; null removes it. */
  set onopen(handler: Handler<Event>) {
    this.#handlers.set('open', handler);
  }
  /** The listener for `message`, or null. */
  get onmessage(): Handler<MessageEvent> {
    return this.#handlers.get('message') as Handler<MessageEvent>;
  }
  /** Replaces the listener; null removes it. */
  set onmessage(handler: Handler<MessageEvent>) {
    this.#handlers.set('message', handler);
  }
  /** The listener for `error`, or null. */
  get onerror(): Handler<Event> {
    return this.#handlers.get('error') as Handler<Event>;
  }
  /** Replaces the listener; null removes it. */
  set onerror(handler: Handler<Event>) {
    this.#handlers.set('error', handler);
  }
  /** The listener for `close`, or null. */
  get onclose(): Handler<CloseEvent> {
    return this.#handlers.get('close') as Handler<CloseEvent>;
  }
  /** Replaces the listener; null removes it. */
  set onclose(handler: Handler<CloseEvent>) {
    this.#handlers.set('close', handler);
  }

  #opened(connection: WebSocketConnection): void {
    // close() was called after the end of the handshake.
    if (this.#readyState !== CONNECTING) {
      connection.abort();
      this.#failed(abortErrorOf(this.#attempt.signal));
      return;
    }
    this.#connection = connection;
    this.#readyState = OPEN;
    connection.on('message', (message) => this.#message(message));
    connection.on('closing', () => {
      this.#readyState = CLOSING;
    });
    connection.on('error', (error) => {
      this.#failure ??= error;
    });
    connection.on('close', (info) => this.#ended(info, this.#failure));
    this.dispatchEvent(new Event('open'));
  }

  /** "Queue a task": listeners may be added after an await. */
  #failed(error: unknown): void {
    setImmediate(() => this.#ended(LOST, error));
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

  static {
    defineInterface(WebSocket, 'WebSocket', { CONNECTING, OPEN, CLOSING, CLOSED });
  }
}

/** "If the data cannot be sent, e.g. because it would need to be buffered but the buffer is full". */
const isFull = (error: unknown): boolean =>
  error instanceof ConnectionError && error.code === 'ERR_WEBSOCKET_QUEUE_FULL';
