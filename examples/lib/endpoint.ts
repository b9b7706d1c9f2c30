// One WebSocket endpoint on the 13 functions: a socket, a handle whose handshake is done, and the loop between the two.
// The functions do no I/O. They say what is to be done (WebSocketGetAction), and are told that it is
// (WebSocketCompleteAction). docs/websocket-functions.md explains each step.
import { isUtf8 } from 'node:buffer';
import { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import type { WebSocketAction, WebSocketFunctions, WebSocketHandle } from 'winwire/sys';
import { Action, ActionQueue, BufferType, CloseStatus, websocketFunctions } from 'winwire/sys';
import { MessageAssembler, PeerFault } from './message-assembler.ts';

/** What may be chosen about an endpoint; every limit has a default. */
export interface EndpointOptions {
  /** Who answers the 13 calls; anything of this shape can stand in. */
  functions?: WebSocketFunctions;
  /** A longer message ends the connection with 1009. */
  maxMessageSize?: number;
  /** How long the peer may take for its part of a close, in milliseconds. */
  closeTimeout?: number;
}

/** How a connection ended. */
export interface Ending {
  /** What the peer's Close said; 1006 where none came, 1005 where it said nothing (RFC 6455, 7.1.5). */
  status: number;
  reason: string;
  /** Both sides sent a Close. */
  clean: boolean;
  /** The peer's mistake, or what happened to the socket. */
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

/** Called with true once the system has accepted a send, with false when the connection ended before. */
type Settle = (sent: boolean) => void;

export class Endpoint extends EventEmitter<EndpointEvents> {
  readonly #handle: WebSocketHandle;
  readonly #socket: Duplex;
  readonly #functions: WebSocketFunctions;
  readonly #closeTimeout: number;
  readonly #message: MessageAssembler;
  #ending: Ending = { status: CloseStatus.ABORTED, reason: '', clean: false };

  /** Actions that wait for the socket: one read, and the writes it has no room for. */
  #reading: WebSocketAction | undefined;
  #writing: WebSocketAction[] = [];
  #pumping = false;
  #pauses = 0;
  /** Our Close: queued, and taken by the network. */
  #closeSent = false;
  #closeTaken = false;
  /** The peer sent its Close or made a mistake: what else it sends means nothing (RFC 6455, 1.4 and 7.1.7). */
  #inputOver = false;
  #deleted = false;
  #timer: NodeJS.Timeout | undefined;

  /** Takes over the socket and the handle, which it deletes at the end. Events begin in a later turn of the event loop. */
  constructor(handle: WebSocketHandle, socket: Duplex, options: EndpointOptions = {}) {
    super();
    this.#handle = handle;
    this.#socket = socket;
    this.#functions = options.functions ?? websocketFunctions;
    this.#closeTimeout = options.closeTimeout ?? 1_000;
    this.#message = new MessageAssembler(options.maxMessageSize ?? 64 * 1024 * 1024);
    // Without a queued receive no ping would be answered and no close be seen, so there is always one.
    this.#functions.WebSocketReceive(handle);
    socket.on('readable', () => this.#onReadable());
    socket.on('drain', () => this.#onDrain());
    socket.on('end', () => this.#onEnd());
    socket.on('error', (error) => this.#end(error));
    socket.on('close', () => this.#onClose());
  }

  /** Still able to send: no Close was sent, and the connection lives. */
  get open(): boolean {
    return !this.#closeSent && !this.#deleted;
  }

  /** Sends a whole message. Await it before the next one: then no more is queued than the network takes. */
  send(data: string | Uint8Array): Promise<boolean> {
    return typeof data === 'string'
      ? this.sendPart(BufferType.UTF8_MESSAGE, Buffer.from(data))
      : this.sendPart(BufferType.BINARY_MESSAGE, data);
  }

  /** Sends a ping; its answer is the event `pong`. The functions send pings without a payload only. */
  ping(): Promise<boolean> {
    return this.sendPart(BufferType.PING_PONG);
  }

  /** What WebSocketSend can do: fragments, an unasked pong. False: the connection is closing, and nothing was sent. */
  sendPart(bufferType: SendArguments[1], data?: SendArguments[2]): Promise<boolean> {
    return this.open ? this.#queueSend(bufferType, data) : Promise.resolve(false);
  }

  /** Begins the close handshake. Its end is told by the event `closed`. */
  close(status: number = CloseStatus.SUCCESS, reason?: string): void {
    if (!this.open) return;
    // 1005 is never on the wire: it stands for a Close without a status (RFC 6455, 7.4.1).
    const sent = this.#queueSend(BufferType.CLOSE, status === CloseStatus.EMPTY ? undefined : { status, reason });
    this.#closeSent = true;
    this.#limitTheRest();
    sent.then((taken) => {
      this.#closeTaken = taken;
      this.#hangUpIfDone();
    });
  }

  /** Ends the connection at once, in mid-work: no Close is sent. */
  abort(): void {
    this.#end();
    this.#socket.destroy();
  }

  /** Reads no more from the socket until as many calls of `resume`: back-pressure for who sends faster than we work. */
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
    this.#pump();
    return settled;
  }

  /** Does what there is to do, until that is nothing. To be called whenever something may have changed that. */
  #pump(): void {
    // A listener called from within may send: the loop that is under way takes care of it.
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      while (!this.#deleted) {
        const action = this.#getAction();
        if (action?.action === Action.NO_ACTION) break;
        if (action) this.#perform(action);
      }
    } finally {
      this.#pumping = false;
    }
  }

  /** Undefined: it failed, which is how the functions tell of a mistake of the peer. */
  #getAction(): WebSocketAction | undefined {
    try {
      return this.#functions.WebSocketGetAction(this.#handle, this.#inputOver ? ActionQueue.SEND : ActionQueue.ALL);
    } catch (cause) {
      this.#fail(new PeerFault(CloseStatus.PROTOCOL_ERROR, 'the peer broke the protocol', { cause }));
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
        (action.applicationContext as Settle)(true);
        break;
      case Action.RECEIVE_FROM_NETWORK:
        this.#reading = action;
        this.#read();
        break;
      case Action.INDICATE_RECEIVE_COMPLETE:
        this.#complete(action, 0);
        this.#received(action);
        break;
    }
  }

  #complete(action: WebSocketAction, transferred: number | Uint8Array): void {
    this.#functions.WebSocketCompleteAction(this.#handle, action.actionContext, transferred);
  }

  /** The buffers of one action are written as a unit: nothing may come between the two halves of a frame. */
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

  /** What nobody wants must be read all the same, else the end of the stream is never seen. */
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
    // The functions do not answer a Close by themselves; the answer repeats the status (RFC 6455, 5.5.1).
    this.close(this.#ending.status);
    this.#hangUpIfDone();
  }

  /** _Fail the WebSocket Connection_ (RFC 6455, 7.1.7): say why, if that is still possible, and hang up. */
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
   * The server ends the TCP connection at once; a client waits a little for that, so that TIME_WAIT is the server's
   * (RFC 6455, 7.1.1). Whoever found a mistake does not wait.
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

  /** Abort, drain, delete: the order in which a handle gives back everything that was queued. */
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
      if (action.action === Action.INDICATE_SEND_COMPLETE) (action.applicationContext as Settle)(false);
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
