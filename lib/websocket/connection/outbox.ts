/**
 * Frames and writes messages. All sends before control returns to the event loop, or while a chunk is processed, are
 * framed by one call and written as one block; they share a promise.
 */
import type { Duplex } from 'node:stream';
import { ConnectionError, rejected } from './connection-errors.ts';
import { copiesStrings } from './frame-strings.ts';
import type { KeepAlive } from './keep-alive.ts';
import type { ConnectionLimits } from './limits.ts';
import type { MakePump, NativePump } from './native-pump.ts';
import { TypeBits } from './pump-block.ts';
import { type RefusedSendListener, RefusedSends } from './refused-sends.ts';
import type { StagingOwner } from './staging-area.ts';

/** Sends that are framed and written together. */
class Batch {
  readonly promise: Promise<void>;
  #resolve!: () => void;
  #reject!: (reason: unknown) => void;
  bytes = 0;
  /** When it was written, in ticks of the keep-alive. */
  writtenAt = 0;
  /** Number of its sends; 0 once they are settled. */
  count = 0;
  /** The batch that is written after it. */
  next: Batch | undefined;

  constructor() {
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  resolve(): void {
    this.#resolve();
  }

  /** Marks the promise as handled: `closed` and `error` report the connection's end. */
  reject(reason: unknown): void {
    this.promise.catch(() => {});
    this.#reject(reason);
  }
}

const SETTLED = Promise.resolve();

export interface OutboxListener extends RefusedSendListener {
  /** A message was started and cannot be completed. */
  onSendFailed(error: unknown): void;
}

export class Outbox implements StagingOwner {
  readonly #pump: NativePump;
  readonly #transport: Duplex;
  readonly #limits: ConnectionLimits;
  readonly #listener: OutboxListener;
  readonly #keepAlive: KeepAlive;
  readonly #copiesStrings: boolean;
  #batch: Batch | undefined;
  #scheduled = false;
  // Written batches that are not settled, and those settled out of order. A linked list, because an array would keep
  // its memory.
  #first: Batch | undefined;
  #last: Batch | undefined;
  // Created for the first rejected send.
  #refused: RefusedSends | undefined;
  #failure: unknown;
  #closeSent = false;
  #queuedBytes = 0;
  #queuedCount = 0;
  #pendingPongs = 0;
  /** Number of messages and parts that were passed to framing, and of bytes written to the transport. */
  messageCount = 0;
  partCount = 0;
  wireBytes = 0;

  constructor(
    makePump: MakePump,
    transport: Duplex,
    limits: ConnectionLimits,
    keepAlive: KeepAlive,
    listener: OutboxListener,
  ) {
    this.#pump = makePump(this);
    this.#transport = transport;
    this.#limits = limits;
    this.#keepAlive = keepAlive;
    this.#copiesStrings = copiesStrings(transport);
    this.#listener = listener;
  }

  get pump(): NativePump {
    return this.#pump;
  }

  /** Payload bytes that the transport has not accepted. */
  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  /** Sends text or bytes; `type` is one of the four data types. */
  send(type: number, data: string | Uint8Array): Promise<void> {
    if (this.#failure !== undefined) return rejected(this.#failure);
    if (this.#closeSent) {
      return rejected(new ConnectionError('ERR_WEBSOCKET_CLOSED', 'A close was sent; no data may follow'));
    }
    const full = this.queueFullError();
    if (full !== undefined) return this.refuse(full);
    this.partCount++;
    // The last part of a message has the type of a whole message.
    if ((type & 1) === 0) this.messageCount++;
    if (typeof data === 'string') return this.#sendText(type, data);
    return this.#pump.canStage(data.length) ? this.#stageBytes(type, data) : this.#sendLarge(type, data);
  }

  /** Rejects a send because the queue is full; if the rejection is not handled, the connection ends. */
  refuse(full: ConnectionError): Promise<void> {
    this.#refused ??= new RefusedSends(this.#listener);
    return this.#refused.refuse(full);
  }

  /** Returns the error if the queue is full, counting what waits elsewhere; undefined otherwise. */
  queueFullError(waitingCount = 0, waitingBytes = 0): ConnectionError | undefined {
    const count = this.#queuedCount + waitingCount;
    const bytes = this.#queuedBytes + waitingBytes;
    const hasCapacity = count < this.#limits.queuedSends && bytes < this.#limits.queuedBytes;
    if (hasCapacity && !this.#refused?.isUndecided) return undefined;
    return new ConnectionError('ERR_WEBSOCKET_QUEUE_FULL', `${count} sends of ${bytes} bytes wait`);
  }

  #sendText(type: number, text: string): Promise<void> {
    // A UTF-16 unit takes at most three bytes of UTF-8.
    if (!this.#pump.canStage(text.length * 3)) return this.#sendLarge(type, Buffer.from(text, 'utf8'));
    const batch = this.#currentBatch();
    return this.#note(batch, this.#pump.stageText(type, text));
  }

  #stageBytes(type: number, bytes: Uint8Array): Promise<void> {
    const batch = this.#currentBatch();
    this.#pump.stage(type, bytes);
    return this.#note(batch, bytes.length);
  }

  #sendLarge(type: number, bytes: Uint8Array): Promise<void> {
    this.flush();
    const batch = new Batch();
    const promise = this.#note(batch, bytes.length);
    this.#write(batch, () => this.#pump.frameLarge(type, bytes));
    return promise;
  }

  sendPing(): Promise<void> {
    return this.#control(() => this.#pump.stageControl(TypeBits.PING_PONG));
  }

  sendClose(status: number | undefined, reason: Uint8Array): Promise<void> {
    this.#closeSent = true;
    return this.#control(() => {
      if (status === undefined) this.#pump.stageControl(TypeBits.CLOSE);
      else this.#pump.stageClose(status, reason);
    });
  }

  #control(stage: () => void): Promise<void> {
    this.#pump.canStage(128);
    const batch = this.#currentBatch();
    stage();
    return this.#note(batch, 0);
  }

  /** Writes pongs of the handle; returns false if too many are pending. */
  writePongs(bytes: Buffer, count: number): boolean {
    this.#pendingPongs += count;
    this.wireBytes += bytes.length;
    this.#transport.write(bytes, () => {
      this.#pendingPongs -= count;
    });
    return this.#pendingPongs <= this.#limits.pendingPongs;
  }

  #currentBatch(): Batch {
    if (!this.#scheduled) {
      this.#scheduled = true;
      // queueMicrotask would create an AsyncResource.
      void SETTLED.then(() => this.flush());
    }
    this.#batch ??= new Batch();
    return this.#batch;
  }

  #note(batch: Batch, bytes: number): Promise<void> {
    batch.bytes += bytes;
    batch.count++;
    this.#queuedBytes += bytes;
    this.#queuedCount++;
    return batch.promise;
  }

  /** Suppresses the scheduled flush; the caller flushes itself. */
  hold(): void {
    this.#scheduled = true;
  }

  /** Frames and writes the staged messages. */
  flush(): void {
    this.#scheduled = false;
    const batch = this.#batch;
    if (batch === undefined) return;
    this.#batch = undefined;
    this.#write(batch, () => this.#pump.takeFrames(this.#copiesStrings));
  }

  /** A string has a character for each byte. */
  #write(batch: Batch, frame: () => Buffer | string | undefined): void {
    if (this.#failure !== undefined) {
      this.#settle(batch, this.#failure);
      return;
    }
    if (this.#last === undefined) this.#first = batch;
    else this.#last.next = batch;
    this.#last = batch;
    try {
      const bytes = frame();
      if (bytes === undefined) {
        this.#settle(batch, undefined);
        return;
      }
      this.wireBytes += bytes.length;
      batch.writtenAt = this.#keepAlive.now;
      const onWritten = (error: unknown) => this.#written(batch, error);
      if (typeof bytes === 'string') this.#transport.write(bytes, 'latin1', onWritten);
      else this.#transport.write(bytes, onWritten);
    } catch (error) {
      this.#settle(batch, error);
      this.#listener.onSendFailed(error);
    }
  }

  #written(batch: Batch, error: unknown): void {
    if (!error) this.#keepAlive.onWritten(batch.writtenAt);
    this.#settle(batch, error);
  }

  #settle(batch: Batch, error: unknown): void {
    this.#queuedBytes -= batch.bytes;
    this.#queuedCount -= batch.count;
    batch.bytes = 0;
    batch.count = 0;
    while (this.#first?.count === 0) this.#first = this.#first.next;
    if (this.#first === undefined) this.#last = undefined;
    if (error === undefined || error === null) batch.resolve();
    else batch.reject(this.#failure ?? error);
  }

  /** Rejects all pending and further sends. */
  fail(error: unknown): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    const batch = this.#batch;
    this.#batch = undefined;
    while (this.#first !== undefined) this.#settle(this.#first, error);
    if (batch !== undefined) this.#settle(batch, error);
  }
}
