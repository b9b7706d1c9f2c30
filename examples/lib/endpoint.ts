// One WebSocket endpoint on the 13 functions: a socket, an open handle, and the loop between them. The functions do no
// I/O. WebSocketGetAction returns what to do, and WebSocketCompleteAction reports that it is done.
// docs/websocket-functions.md explains each step.
import { isUtf8 } from 'node:buffer';
import { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import type { WebSocketAction, WebSocketFunctions, WebSocketHandle } from 'winwire/sys';
import { Action, ActionQueue, BufferType, CloseStatus, websocketFunctions } from 'winwire/sys';
import { MessageAssembler, PeerFault } from './message-assembler.ts';

/** Options of an endpoint; every limit has a default. */
export interface EndpointOptions {
  /** The implementation of the 13 functions. */
  functions?: WebSocketFunctions;
  /** A longer message ends the connection with 1009. */
  maxMessageSize?: number;
  /** Time limit for the peer's part of a close, in milliseconds. */
  closeTimeout?: number;
}

/** How a connection ended. */
export interface Ending {
  /** The status of the peer's Close; 1006 without a Close, 1005 if it had no status (RFC 6455, 7.1.5). */
  status: number;
  reason: string;
  /** Both sides sent a Close. */
  clean: boolean;
  /** The peer's error, or that of the socket. */
  error?: Error;
}

/** The events of an {@link Endpoint}. */
interface EndpointEvents {
  /** A whole message: text as a string, binary as bytes. */
  message: [data: string | Buffer];
  pong: [payload: Buffer];
  closed: [ending: Ending];
}

type SendArguments = Parameters<WebSocketFunctions['WebSocketSend']>;

/** Called with true when the system has accepted a send, with false if the connection ended before. */
type Settle = (sent: boolean) => void;

export class Endpoint extends EventEmitter<EndpointEvents> {
  readonly #handle: WebSocketHandle;
  readonly #socket: Duplex;
  readonly #functions: WebSocketFunctions;
  readonly #closeTimeout: number;
  readonly #message: MessageAssembler;
  #ending: Ending = { status: CloseStatus.ABORTED, reason: '', clean: false };

  /** Actions that wait for the socket: one read, and the writes that it cannot accept yet. */
  #reading: WebSocketAction | undefined;
  #writing: WebSocketAction[] = [];
  #pumping = false;
  #queuedSends = 0;
  #pauses = 0;
  /** Whether our Close was queued, and accepted by the network. */
  #closeSent = false;
  #closeTaken = false;
  /** The peer has sent its Close or an invalid frame: later input is ignored (RFC 6455, 1.4 and 7.1.7). */
  #inputOver = false;
  #deleted = false;
  #timer: NodeJS.Timeout | undefined;

  /**
   * Takes over the socket and the handle, which it deletes at the end. Events start in a later turn of the event loop.
   */
  constructor(handle: WebSocketHandle, socket: Duplex, options: EndpointOptions = {}) {
    super();
    this.#handle = handle;
    this.#socket = socket;
    this.#functions = options.functions ?? websocketFunctions;
    this.#closeTimeout = options.closeTimeout ?? 1_000;
    this.#message = new MessageAssembler(options.maxMessageSize ?? 64 * 1024 * 1024);
    // A receive is always queued; otherwise pings are not answered and a close is not noticed.
    this.#functions.WebSocketReceive(handle);
    socket.on('readable', () => this.#onReadable());
    socket.on('drain', () => this.#onDrain());
    socket.on('end', () => this.#onEnd());
    socket.on('error', (error) => this.#end(error));
    socket.on('close', () => this.#onClose());
  }

  /** Whether sending is possible: no Close was sent, and the connection is alive. */
  get open(): boolean {
    return !this.#closeSent && !this.#deleted;
  }

  /** Sends a whole message. Await it before the next one, so that no more is queued than the network accepts. */
  send(data: string | Uint8Array): Promise<boolean> {
    return typeof data === 'string'
      ? this.sendPart(BufferType.UTF8_MESSAGE, Buffer.from(data))
      : this.sendPart(BufferType.BINARY_MESSAGE, data);
  }

  /** Sends a ping; its answer is the event `pong`. The functions send pings only without a payload. */
  ping(): Promise<boolean> {
    return this.sendPart(BufferType.PING_PONG);
  }

  /**
   * Sends anything that WebSocketSend supports: fragments, an unsolicited pong. Resolves with false if the connection
   * is closing, and nothing was sent.
   */
  sendPart(bufferType: SendArguments[1], data?: SendArguments[2]): Promise<boolean> {
    return this.open ? this.#queueSend(bufferType, data) : Promise.resolve(false);
  }

  /** Starts the close handshake. The event `closed` reports its end. */
  close(status: number = CloseStatus.SUCCESS, reason?: string): void {
    if (!this.open) return;
    // 1005 is never sent: it means a Close without a status (RFC 6455, 7.4.1).
    const sent = this.#queueSend(BufferType.CLOSE, status === CloseStatus.EMPTY ? undefined : { status, reason });
    this.#closeSent = true;
    this.#limitTheRest();
    sent.then((taken) => {
      this.#closeTaken = taken;
      this.#hangUpIfDone();
    });
  }

  /** Ends the connection at once, without a Close. */
  abort(): void {
    this.#end();
    this.#socket.destroy();
  }

  /** Stops reading from the socket until the same number of `resume` calls: backpressure for a fast sender. */
  pause(): void {
    this.#pauses++;
  }

  resume(): void {
    if (this.#pauses > 0 && --this.#pauses === 0) this.#onReadable();
  }

  #queueSend(...[bufferType, data]: [SendArguments[1], SendArguments[2]?]): Promise<boolean> {
    let settle: Settle = () => {};
    const settled = new Promise<boolean>((resolve) => {
      settle = resolve;
    });
    this.#functions.WebSocketSend(this.#handle, bufferType, data, settle);
    this.#queuedSends++;
    this.#pump();
    return settled;
  }

  /** Runs the loop until it is idle. Call it whenever something may have changed. */
  #pump(): void {
    // A listener may send from inside; the running loop handles it.
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      // NO_ACTION is not the last word while a send is queued: on one queue it may wait for the other.
      for (let idle = 0; !this.#deleted && idle <= (this.#queuedSends > 0 ? 8 : 0); idle++) {
        const action = this.#getAction(idle);
        if (action === undefined || action.action === Action.NO_ACTION) continue;
        this.#perform(action);
        idle = -1;
      }
    } finally {
      this.#pumping = false;
    }
  }

  /** Returns undefined after a failure, which reports an error of the peer, possibly more than once. */
  #getAction(idle: number): WebSocketAction | undefined {
    const knowsFault = this.#ending.error !== undefined;
    const turn = idle % 2 === 0 ? ActionQueue.SEND : ActionQueue.RECEIVE;
    try {
      return this.#functions.WebSocketGetAction(this.#handle, knowsFault ? turn : ActionQueue.ALL);
    } catch (cause) {
      if (!knowsFault) this.#fail(new PeerFault(CloseStatus.PROTOCOL_ERROR, 'the peer broke the protocol', { cause }));
      return undefined;
    }
  }

  #perform(action: WebSocketAction): void {
    switch (action.action) {
      case Action.SEND_TO_NETWORK:
        this.#write(action);
        break;
      case Action.INDICATE_SEND_COMPLETE:
        this.#complete(action, 0);
        this.#settle(action, true);
        break;
      case Action.RECEIVE_FROM_NETWORK:
        this.#reading = action;
        if (!this.#inputOver) this.#read();
        break;
      case Action.INDICATE_RECEIVE_COMPLETE:
        this.#complete(action, 0);
        if (!this.#inputOver) this.#received(action);
        break;
    }
  }

  /** The functions may indicate a pong that they sent, which has no context. */
  #settle({ applicationContext }: WebSocketAction, sent: boolean): void {
    if (applicationContext === undefined) return;
    this.#queuedSends--;
    (applicationContext as Settle)(sent);
  }

  #complete(action: WebSocketAction, transferred: number | Uint8Array): void {
    this.#functions.WebSocketCompleteAction(this.#handle, action.actionContext, transferred);
  }

  /** The buffers of one action are written as a unit: nothing may come between the parts of a frame. */
  #write(action: WebSocketAction): void {
    const socket = this.#socket;
    if (!socket.writable) {
      this.#complete(action, 0);
      this.#end();
      return;
    }
    socket.cork();
    for (const buffer of action.buffers) socket.write(buffer);
    socket.uncork();
    if (socket.writableNeedDrain) this.#writing.push(action);
    else this.#complete(action, lengthOf(action));
  }

  #onDrain(): void {
    for (const action of this.#writing.splice(0)) this.#complete(action, lengthOf(action));
    this.#pump();
  }

  #onReadable(): void {
    if (this.#inputOver || this.#deleted) this.#discardInput();
    else if (this.#reading) this.#read();
    else this.#pump();
  }

  /** Unwanted input must be read too; otherwise the end of the stream is not noticed. */
  #discardInput(): void {
    this.#socket.read();
  }

  #read(): void {
    const action = this.#reading;
    if (!action || this.#pauses > 0) return;
    const chunk: Buffer | null = this.#socket.read(Math.min(action.room, this.#socket.readableLength));
    if (chunk === null) return;
    this.#reading = undefined;
    this.#complete(action, chunk);
    this.#pump();
  }

  #received(action: WebSocketAction): void {
    if (action.bufferType === BufferType.CLOSE) {
      this.#peerClosed(action);
      return;
    }
    this.#functions.WebSocketReceive(this.#handle);
    const [data = Buffer.alloc(0)] = action.buffers;
    if (action.bufferType === BufferType.PING_PONG) {
      this.emit('pong', data);
      return;
    }
    const message = this.#assemble(action.bufferType, data);
    if (message !== undefined) this.emit('message', message);
  }

  #assemble(bufferType: number, data: Buffer): string | Buffer | undefined {
    try {
      return this.#message.add(bufferType, data);
    } catch (error) {
      this.#fail(error as PeerFault);
      return undefined;
    }
  }

  #peerClosed({ close, buffers }: WebSocketAction): void {
    this.#inputOver = true;
    this.#ending.status = close?.status ?? CloseStatus.EMPTY;
    this.#ending.reason = close?.reason ?? '';
    if (buffers[0] && !isUtf8(buffers[0])) {
      this.#fail(new PeerFault(CloseStatus.INVALID_PAYLOAD, 'the reason of the Close is not UTF-8'));
      return;
    }
    this.#discardInput();
    // The functions do not answer a Close; the answer repeats the status (RFC 6455, 5.5.1).
    this.close(this.#ending.status);
    this.#hangUpIfDone();
  }

  /**
   * _Fail the WebSocket Connection_ (RFC 6455, 7.1.7): sends a Close if that is still possible, and ends the socket.
   */
  #fail(fault: PeerFault): void {
    this.#inputOver = true;
    this.#ending.error = fault;
    this.#discardInput();
    try {
      this.close(fault.status);
    } catch {
      // Whether a Close can be sent after a receive error is not documented.
      this.#closeTaken = true;
    }
    this.#hangUpIfDone();
  }

  /**
   * The server ends the TCP connection at once; a client waits for that for a while, so that TIME_WAIT is the server's
   * (RFC 6455, 7.1.1). After an error of the peer neither waits.
   */
  #hangUpIfDone(): void {
    if (!this.#closeTaken || !this.#inputOver || this.#deleted) return;
    this.#ending.clean = this.#ending.error === undefined;
    const wait = this.#ending.clean && this.#handle.role === 'client';
    this.#end();
    if (!wait) this.#socket.end();
  }

  #limitTheRest(): void {
    this.#timer ??= setTimeout(() => this.#socket.destroy(), this.#closeTimeout);
  }

  #onEnd(): void {
    this.#end();
    this.#socket.end();
  }

  /** Abort, drain, delete: the order in which a handle returns everything that was queued. */
  #end(error?: Error): void {
    if (this.#deleted) return;
    this.#deleted = true;
    if (error) this.#ending.error ??= error;
    this.#limitTheRest();
    this.#functions.WebSocketAbortHandle(this.#handle);
    if (this.#reading) this.#complete(this.#reading, 0);
    for (const action of this.#writing) this.#complete(action, 0);
    this.#drain();
    this.#functions.WebSocketDeleteHandle(this.#handle);
    this.#discardInput();
  }

  #drain(): void {
    for (;;) {
      const action = this.#functions.WebSocketGetAction(this.#handle, ActionQueue.ALL);
      if (action.action === Action.NO_ACTION) return;
      this.#complete(action, 0);
      if (action.action === Action.INDICATE_SEND_COMPLETE) this.#settle(action, false);
    }
  }

  #onClose(): void {
    this.#end();
    clearTimeout(this.#timer);
    this.emit('closed', this.#ending);
  }
}

function lengthOf(action: WebSocketAction): number {
  return action.buffers.reduce((sum, buffer) => sum + buffer.length, 0);
}
