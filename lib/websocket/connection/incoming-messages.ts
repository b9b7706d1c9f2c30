/** Assembles, queues and emits received messages; pauses the socket when the queue is full. */
import type { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import * as channels from '../../diagnostics/websocket-channels.ts';
import { type Refusal, TOO_BIG, TOO_LONG_TEXT } from './close-status.ts';
import type { ConnectionEvents } from './connection-types.ts';
import { emitSafely } from './emit.ts';
import { Inbox, type Message } from './inbox.ts';
import type { ConnectionLimits } from './limits.ts';
import { MessageAssembler } from './message-assembler.ts';
import type { MessageSink } from './native-pump.ts';
import { TypeBits } from './pump-block.ts';

export interface RefusalListener {
  /** The peer went beyond a limit. */
  refused(refusal: Refusal): void;
}

interface IncomingListener extends RefusalListener {
  /** Reading goes on after a pause. */
  resumed(): void;
}

export class IncomingMessages implements MessageSink {
  readonly #connection: EventEmitter<ConnectionEvents>;
  readonly #transport: Duplex;
  readonly #limits: ConnectionLimits;
  readonly #listener: IncomingListener;
  // Made for the first message that waits or is waited for, and for the first that comes in parts.
  #inbox: Inbox | undefined;
  #assembler: MessageAssembler | undefined;
  #paused = false;
  // Looked at once for a chunk.
  #hasSubscribers = false;
  /** Messages that were received. */
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
  }

  /** Whether the transport is paused, because too much waits. */
  get isPaused(): boolean {
    return this.#paused;
  }

  /** A chunk is going to be told of. */
  begin(): void {
    this.#hasSubscribers = channels.messageReceived.hasSubscribers;
  }

  #neededInbox(): Inbox {
    this.#inbox ??= new Inbox(this);
    return this.#inbox;
  }

  #neededAssembler(): MessageAssembler {
    this.#assembler ??= new MessageAssembler(this.#limits.messageSize, this.#limits.messageParts);
    return this.#assembler;
  }

  /** See {@link MessageSink}. */
  room(): Buffer | undefined {
    return this.#assembler?.room();
  }

  /** See {@link MessageSink}. */
  announce(size: number, endsMessage: boolean): void {
    const isTooBig = this.#assembler === undefined && size > this.#limits.messageSize;
    const refusal = isTooBig ? TOO_BIG : this.#assembler?.announce(size, endsMessage);
    if (refusal !== undefined) this.#listener.refused(refusal);
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
    // UTF-8 takes at most half as much again as UTF-16; its exact size is only worked out near the limit.
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
    if (idle && emitSafely(this.#connection, 'message', message, typeof message !== 'string')) return;
    const inbox = this.#neededInbox();
    inbox.push(message, size);
    if (inbox.bytes > this.#limits.receiveHighWaterMark && !this.#paused) {
      this.#paused = true;
      this.#transport.pause();
    }
  }

  /** See InboxListener. */
  taken(): void {
    if (!this.#paused || this.#neededInbox().bytes > this.#limits.receiveHighWaterMark / 2) return;
    this.#paused = false;
    this.#listener.resumed();
    this.#transport.resume();
  }

  /** The next message, waited for. */
  take(signal: AbortSignal | undefined): Promise<Message | undefined> {
    return this.#neededInbox().take(signal);
  }

  /** Gives the messages that wait to whoever has begun to listen. */
  emitWaiting(): void {
    while (this.#connection.listenerCount('message') > 0) {
      const entry = this.#inbox?.shift();
      if (entry === undefined) return;
      emitSafely(this.#connection, 'message', entry.message, typeof entry.message !== 'string');
    }
  }

  /** Nothing more comes. */
  end(failure: unknown): void {
    this.#neededInbox().end(failure);
  }
}

/** `undefined` for more than a string of JavaScript can hold, which `messageSize` may allow. */
function textOf(bytes: Buffer): string | undefined {
  try {
    return bytes.toString('utf8');
  } catch {
    return undefined;
  }
}
