/** WebSocketConnection: an open connection, with either backend and in either role. */

import { AsyncResource } from 'node:async_hooks';
import { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { refusalOfOptions, withSignal } from '../../abort-signal.ts';
import type { BackendName } from '../../backend.ts';
import { type CloseInfo, CloseStatus, LOST, validateClose } from '../../close-codes.ts';
import { ActionTrace, type TraceOptions } from '../../diagnostics/action-trace.ts';
import * as channels from '../../diagnostics/websocket-channels.ts';
import { illegalConstructor } from '../../errors.ts';
import { validateWaitOptions } from '../../options.ts';
import { startLimit } from '../../time-limit.ts';
import { type AcceptOptions, acceptUpgrade } from './accept.ts';
import { closeStatusFor, type LimitViolation } from './close-status.ts';
import { ClosingHandshake } from './closing-handshake.ts';
import { type ConnectOptions, connectUpgrade } from './connect.ts';
import { ConnectionError, closedError, lostError, rejected } from './connection-errors.ts';
import type {
  ConnectionEvents,
  ConnectionParts,
  ConnectionStatistics,
  Sendable,
  SendOptions,
  WaitOptions,
} from './connection-types.ts';
import { emitSafely } from './emit.ts';
import type { Message } from './inbox.ts';
import { IncomingMessages, type RefusalListener } from './incoming-messages.ts';
import { KeepAlive, type KeepAliveListener } from './keep-alive.ts';
import { MessageSender } from './message-sender.ts';
import type { PumpSinks } from './native-pump.ts';
import { Outbox, type OutboxListener } from './outbox.ts';
import { Pings } from './pings.ts';
import { attachTransport, type TransportListener } from './transport.ts';

/** Passes queued messages to a new `message` listener. */
let onNewListener: (this: WebSocketConnection, event: string) => void;

/**
 * A WebSocket connection with promises. It buffers received messages up to its limits and answers pings and closes.
 * `closed` resolves when it has ended.
 *
 * Sources: RFC 6455; Microsoft, Web Socket Protocol Component API.
 */
export class WebSocketConnection extends EventEmitter<ConnectionEvents> {
  /** The end that this object represents. */
  readonly role: 'client' | 'server';
  /** The backend that frames and parses. */
  readonly backend: BackendName;
  /** The negotiated sub-protocol, or the empty string. */
  readonly subprotocol: string;
  readonly #transport: Duplex;
  readonly #outbox: Outbox;
  readonly #sender: MessageSender;
  readonly #incoming: IncomingMessages;
  readonly #pings: Pings;
  readonly #closing: ClosingHandshake;
  readonly #keepAlive: KeepAlive;
  readonly #listener: PumpSinks & TransportListener;
  readonly #clients: Set<object> | undefined;
  #wireBytesReceived = 0;

  /**
   * Opens a connection to a ws:, wss:, http: or https: URL, using node:http or node:https.
   *
   * @throws {TypeError} for an invalid URL or option; {WinwireError} if the handle rejects the response;
   *   {UpgradeRefusedError} if the server answers with a status other than 101; {ConnectionError}
   *   ERR_WEBSOCKET_TIMEOUT or ERR_WEBSOCKET_HANDSHAKE; {ProxyConnectionError} if a proxy fails or refuses;
   *   {BackendUnavailableError}; {AbortError}; Node's error (ECONNREFUSED, ENOTFOUND, a certificate's) if there is no
   *   transport. Source: RFC 6455 section 4.1.
   */
  static async connect(url: string | URL, options: ConnectOptions = {}): Promise<WebSocketConnection> {
    return channels.traceConnect(url, options, async () => new WebSocketConnection(await connectUpgrade(url, options)));
  }

  /**
   * Handles the `upgrade` event of a node:http(s) server and answers it with 101. If it rejects the request, it answers
   * with an error, closes the socket and rejects the promise. Chunks of the socket may be overwritten.
   *
   * @throws {TypeError} for an invalid argument; {WinwireError} if the handle rejects the request;
   *   {BackendUnavailableError}. Source: RFC 6455 section 4.2.
   */
  static async accept(
    request: IncomingMessage,
    socket: Duplex,
    head: Uint8Array,
    options: AcceptOptions = {},
  ): Promise<WebSocketConnection> {
    const open = async () => new WebSocketConnection(acceptUpgrade(request, socket, head, options));
    return channels.traceAccept(request, options, open);
  }

  private constructor(parts: ConnectionParts) {
    super();
    if (parts?.makePump === undefined) {
      throw illegalConstructor(
        'WebSocketConnection',
        'WebSocketConnection.connect(url) or .accept(request, socket, head)',
      );
    }
    this.role = parts.role;
    this.backend = parts.backend;
    this.subprotocol = parts.subprotocol;
    this.#transport = parts.transport;
    const listener = new WebSocketConnection.#Listener(this);
    this.#listener = listener;
    this.#keepAlive = new KeepAlive(parts.keepAliveInterval, listener);
    const outbox = new Outbox(parts.makePump, parts.transport, parts.limits, this.#keepAlive, listener);
    this.#outbox = outbox;
    this.#pings = new Pings(this, outbox, listener);
    this.#closing = new ClosingHandshake(this, outbox, parts.transport, parts.limits.closeTimeout, listener);
    this.#sender = new MessageSender(outbox, listener, this);
    this.#incoming = new IncomingMessages(this, parts.transport, parts.limits, listener);
    this.#clients = parts.clients?.add(this);
    attachTransport(parts.transport, parts.head, listener);
    // ConnectionEvents does not contain this meta event.
    (this as EventEmitter).on('newListener', onNewListener);
  }

  /** Resolves when the connection has ended; never rejects. */
  get closed(): Promise<CloseInfo> {
    return this.#closing.closed;
  }

  /**
   * Payload bytes passed to `send` that the operating system has not accepted. Windows accepts up to two writes of any
   * size at once, whether or not the peer reads.
   */
  get bufferedAmount(): number {
    return this.#outbox.queuedBytes + this.#sender.waitingBytes;
  }

  /** `'open'`; `'closing'` after either side has sent a close; `'closed'`. */
  get state(): 'open' | 'closing' | 'closed' {
    if (this.#closing.isClosed) return 'closed';
    return this.#closing.state === 'OPEN' ? 'open' : 'closing';
  }

  /** Statistics of the connection. */
  get statistics(): ConnectionStatistics {
    return {
      messagesSent: this.#outbox.messageCount,
      messagesReceived: this.#incoming.count,
      wireBytesSent: this.#outbox.wireBytes,
      wireBytesReceived: this.#wireBytesReceived,
      pingsAnswered: this.#pings.answered,
      pongsReceived: this.#pings.pongsReceived,
    };
  }

  /**
   * Sends one message. Resolves when the component has completed it and the operating system has accepted its bytes;
   * the peer may not have received them yet. Windows accepts up to two writes of any size at once (Microsoft, "Design
   * issues - Sending small data segments over TCP with Winsock"). Bytes are copied before `send` returns. Sends in the
   * same turn of the event loop share a promise. A send beyond `limits.queuedBytes` or `limits.queuedSends` rejects. If
   * that rejection is not handled, the connection ends with ERR_WEBSOCKET_QUEUE_FULL, because the peer would miss a
   * message.
   *
   * @throws {ConnectionError} ERR_WEBSOCKET_CLOSED, ERR_WEBSOCKET_QUEUE_FULL or the error that ended the connection;
   *   {TypeError}; {AbortError}.
   */
  send(message: Sendable, options?: SendOptions | undefined): Promise<void> {
    if (!this.#closing.canSend) return rejected(closedError(this.state));
    return this.#sender.send(message, options);
  }

  /**
   * Resolves with the next message, text as a string, binary as a Buffer; with `undefined` after the connection was
   * closed.
   *
   * @throws {ConnectionError} if the connection failed; {AbortError}.
   */
  receive(options?: WaitOptions | undefined): Promise<Message | undefined> {
    const refusal = refusalOfOptions(options);
    return refusal === undefined ? this.#incoming.take(options?.signal) : Promise.reject(refusal);
  }

  /** Yields the messages until the connection ends. Leaving the loop does not close the connection. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Message, void, undefined> {
    for (let next = await this.receive(); next !== undefined; next = await this.receive()) yield next;
  }

  /**
   * Sends a ping; resolves with the milliseconds until a pong.
   *
   * @throws {ConnectionError} if the connection ends first; {AbortError}.
   */
  ping(options?: WaitOptions | undefined): Promise<number> {
    const refusal = refusalOfOptions(options);
    if (refusal !== undefined) return Promise.reject(refusal);
    if (!this.#closing.canSend) return rejected(closedError(this.state));
    return withSignal(this.#pings.measure(), options?.signal);
  }

  /**
   * Sends a close unless one was sent, and waits for the peer's close and the end of the transport. After
   * `limits.closeTimeout` the transport is destroyed. A close without `code` has no status: the peer reports 1005.
   *
   * @throws {RangeError | TypeError} for a code or reason that cannot be sent; {AbortError} if the signal ends the
   *   wait.
   */
  async close(code?: number, reason?: string, options?: WaitOptions | undefined): Promise<CloseInfo> {
    const payload = validateClose(code, reason);
    this.#closing.send(payload.status, payload.reason);
    return withSignal(this.closed, validateWaitOptions(options));
  }

  /**
   * Ends the connection at once: calls WebSocketAbortHandle, drains both queues and destroys the transport. All pending
   * promises reject with ERR_WEBSOCKET_ABORTED, whose `cause` is `reason`. Has no effect after the end.
   */
  abort(reason?: unknown): void {
    this.#end(LOST, new ConnectionError('ERR_WEBSOCKET_ABORTED', 'The connection was aborted', reason), true);
  }

  /** Traces the component calls of the connection from now on. The option `trace` includes the first ones. */
  trace(options?: TraceOptions): ActionTrace {
    return new ActionTrace((listener) => this.#outbox.pump.trace(listener), options);
  }

  /** Closes the connection with 1000 and waits for its end. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close(this.#closing.isClosed ? undefined : CloseStatus.SUCCESS);
  }

  static {
    onNewListener = function (event) {
      if (event === 'message') this.#later(() => this.#incoming.emitWaiting());
    };
  }

  /** Runs a task that emits events, in the async context that created the connection. */
  #later(task: () => void): void {
    this.#listener.runInAsyncScope(process.nextTick, process, task);
  }

  /**
   * Receives the reports of a connection's parts, in its async context. One object with methods uses less memory than a
   * closure for each report; the pump finds its sinks here.
   */
  static readonly #Listener = class
    extends AsyncResource
    implements PumpSinks, TransportListener, KeepAliveListener, RefusalListener, OutboxListener
  {
    readonly #connection: WebSocketConnection;

    constructor(connection: WebSocketConnection) {
      super('winwire.WebSocketConnection');
      this.#connection = connection;
    }

    get messages(): IncomingMessages {
      return this.#connection.#incoming;
    }

    get pings(): Pings {
      return this.#connection.#pings;
    }

    get closing(): ClosingHandshake {
      return this.#connection.#closing;
    }

    chunk(bytes: Uint8Array): void {
      this.#connection.#onChunk(bytes);
    }

    ended(cause?: unknown): void {
      this.#connection.#onTransportEnd(cause);
    }

    get wanted(): boolean {
      return !this.closing.isClosed;
    }

    refused({ status, reason }: LimitViolation): void {
      const error = new ConnectionError('ERR_WEBSOCKET_LIMIT', `The peer went beyond a limit: ${reason}`);
      this.#connection.#fail(error, status, reason);
    }

    get isPaused(): boolean {
      return this.messages.isPaused;
    }

    resumed(): void {
      this.#connection.#keepAlive.peerActive();
    }

    onIdle(): Promise<void> {
      return this.runInAsyncScope(this.pings.send, this.pings);
    }

    onPeerDead(): void {
      const error = new ConnectionError('ERR_WEBSOCKET_TIMEOUT', 'The peer shows no sign of life');
      this.runInAsyncScope(() => this.#connection.#end(LOST, error, true));
    }

    unhandledRefusal(error: Error): void {
      this.runInAsyncScope(() => this.#connection.#end(LOST, error, true));
    }

    onSendFailed(error: unknown): void {
      // After it has sent a close, this side ignores errors of the peer.
      if (this.closing.canSend) this.#connection.#fail(error, CloseStatus.SERVER_ERROR, '');
    }
  };

  #onChunk(chunk: Uint8Array): void {
    if (this.#closing.isClosed) return;
    this.#wireBytesReceived += chunk.length;
    this.#keepAlive.peerActive();
    this.#incoming.begin();
    this.#outbox.hold();
    try {
      this.#outbox.pump.receive(chunk, this.#listener);
    } catch (error) {
      this.#fail(error, closeStatusFor(error), '');
    } finally {
      this.#outbox.flush();
    }
  }

  /** The transport has failed or ended, or its time has passed. */
  #onTransportEnd(cause?: unknown): void {
    const { completed, state } = this.#closing;
    this.#end(completed ?? LOST, completed ? undefined : lostError(state === 'CLOSE_SENT', cause), true);
  }

  /**
   * Fails the connection (RFC 6455 section 7.1.7): sends a close with the reason and ends the transport without
   * waiting.
   */
  #fail(error: unknown, status: number, reason: string): void {
    if (this.#closing.isClosed) return;
    this.#closing.send(status, Buffer.from(reason));
    this.#outbox.flush();
    this.#end(LOST, error, false);
    this.#transport.end().resume();
    startLimit(this.#closing.lingerTime, () => this.#transport.destroy());
  }

  /** Ends the connection; every path leads here. */
  #end(info: CloseInfo, failure: unknown, destroy: boolean): void {
    if (this.#closing.isClosed) return;
    this.#closing.end(info);
    this.#clients?.delete(this);
    this.#keepAlive.stop();
    this.#outbox.pump.end();
    const ended = failure ?? closedError('closed');
    this.#outbox.fail(ended);
    this.#sender.fail(ended);
    this.#pings.fail(ended);
    this.#incoming.end(failure);
    if (destroy) this.#transport.destroy();
    channels.publishEnd(this, info, failure);
    this.#later(() => {
      if (failure !== undefined && this.listenerCount('error') > 0) emitSafely(this, 'error', failure);
      emitSafely(this, 'close', info);
    });
  }
}
