/** Assembles, queues and emits received messages; pauses the socket when the queue is full. */
import type { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import * as channels from '../../diagnostics/websocket-channels.ts';
import { type LimitViolation, TOO_BIG, TOO_LONG_TEXT, TOO_MANY_PARTS } from './close-status.ts';
import type { ConnectionEvents } from './connection-types.ts';
import { emitMessage, noteCaptureRejections } from './emit.ts';
import { Inbox, type Message } from './inbox.ts';
import type { ConnectionLimits } from './limits.ts';
import { MessageAssembler } from './message-assembler.ts';
import type { MessageSink } from './native-pump.ts';
import { TypeBits } from './pump-block.ts';

export interface RefusalListener {
  /** The peer exceeded a limit. */
  refused(refusal: LimitViolation): void;
}

interface IncomingListener extends RefusalListener {
  /** Reading has resumed after a pause. */
  resumed(): void;
}

export class IncomingMessages implements MessageSink {
  readonly #connection: EventEmitter<ConnectionEvents>;
  readonly #transport: Duplex;
  readonly #limits: ConnectionLimits;
  readonly #listener: IncomingListener;
  // Created for the first message that is queued, awaited or fragmented.
  #inbox: Inbox | undefined;
  #assembler: MessageAssembler | undefined;
  #paused = false;
  // Checked once for each chunk.
  #hasSubscribers = false;
  /** Number of received messages. */
  count = 0;

  constructor(
    connection: EventEmitter<ConnectionEvents>,
    transport: Duplex,
    limits: ConnectionLimits,
    listener: IncomingListener,
  ) {
    this.#connection = connection;
    this.#transport = transport;
    this.#limits = limits;
    this.#listener = listener;
    noteCaptureRejections();
  }

  /** Whether the transport is paused because the queue is full. */
  get isPaused(): boolean {
    return this.#paused;
  }

  /** Called before each chunk. */
  begin(): void {
    this.#hasSubscribers = channels.messageReceived.hasSubscribers;
  }

  #neededInbox(): Inbox {
    this.#inbox ??= new Inbox(this);
    return this.#inbox;
  }

  #neededAssembler(): MessageAssembler {
    this.#assembler ??= new MessageAssembler(this.#limits.messageSize);
    return this.#assembler;
  }

  /** See {@link MessageSink}. */
  freeSpace(): Buffer | undefined {
    return this.#assembler?.freeSpace();
  }

  /** See {@link MessageSink}. */
  announce(size: number, endsMessage: boolean, inPlace: boolean): void {
    const isTooBig = this.#assembler === undefined && size > this.#limits.messageSize;
    const refusal = isTooBig ? TOO_BIG : this.#assembler?.announce(size, endsMessage, inPlace);
    if (refusal !== undefined) this.#listener.refused(refusal);
  }

  /** See {@link MessageSink}. */
  tooManyFrames(): void {
    this.#listener.refused(TOO_MANY_PARTS);
  }

  /** See {@link MessageSink}. */
  data(bytes: Buffer, type: number): void {
    const isWhole = (type & 1) === 0 && !this.#assembler?.active;
    if (isWhole && bytes.length <= this.#limits.messageSize) {
      this.#deliverBytes(bytes, type);
    } else {
      this.#part(bytes, type);
    }
  }

  #part(bytes: Buffer, type: number): void {
    const assembler = this.#neededAssembler();
    const refusal = assembler.refusal(bytes.length);
    if (refusal !== undefined) {
      this.#listener.refused(refusal);
    } else if ((type & 1) === 1) {
      assembler.add(bytes);
    } else {
      this.#deliverBytes(assembler.finish(bytes), type);
    }
  }

  #deliverBytes(bytes: Buffer, type: number): void {
    const message = type === TypeBits.UTF8_MESSAGE ? textOf(bytes) : bytes;
    if (message === undefined) this.#listener.refused(TOO_LONG_TEXT);
    else this.#deliver(message, bytes.length);
  }

  /** See {@link MessageSink}. */
  text(message: string, memorySize: number): void {
    // UTF-8 takes at most 1.5 times the size of UTF-16; the exact size is computed only near the limit.
    if (memorySize * 1.5 > this.#limits.messageSize) {
      const refusal = this.#neededAssembler().refusal(Buffer.byteLength(message));
      if (refusal !== undefined) {
        this.#listener.refused(refusal);
        return;
      }
    }
    this.#deliver(message, memorySize);
  }

  #deliver(message: Message, size: number): void {
    this.count++;
    if (this.#hasSubscribers) channels.publishMessageReceived(this.#connection, message);
    const idle = this.#inbox?.idle ?? true;
    if (idle && emitMessage(this.#connection, message)) return;
    const inbox = this.#neededInbox();
    inbox.push(message, size);
    if (inbox.bytes > this.#limits.receiveHighWaterMark && !this.#paused) {
      this.#paused = true;
      this.#transport.pause();
    }
  }

  /** See InboxListener. */
  onMessageTaken(): void {
    if (!this.#paused || this.#neededInbox().bytes > this.#limits.receiveHighWaterMark / 2) return;
    this.#paused = false;
    this.#listener.resumed();
    this.#transport.resume();
  }

  /** Resolves with the next message. */
  take(signal: AbortSignal | undefined): Promise<Message | undefined> {
    return this.#neededInbox().take(signal);
  }

  /** Passes queued messages to a new listener. */
  emitWaiting(): void {
    while (this.#connection.listenerCount('message') > 0) {
      const entry = this.#inbox?.shift();
      if (entry === undefined) return;
      emitMessage(this.#connection, entry.message);
    }
  }

  /** Ends the inbox. */
  end(failure: unknown): void {
    this.#neededInbox().end(failure);
  }
}

/** Returns `undefined` if the text exceeds the maximum string length of JavaScript, which `messageSize` may allow. */
function textOf(bytes: Buffer): string | undefined {
  try {
    return bytes.toString('utf8');
  } catch {
    return undefined;
  }
}
