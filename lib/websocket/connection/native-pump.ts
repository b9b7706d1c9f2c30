/**
 * One handle, driven by the native pump: a call takes a chunk of network bytes or a batch of messages, however many
 * messages either holds.
 */
import { isUtf8 } from 'node:buffer';
import { ActionTracer, type TraceListener } from '../../diagnostics/action-tracer.ts';
import { WinwireError } from '../../errors.ts';
import { loadNative, type NativeHandle, type PumpHandle } from '../../native.ts';
import { BadTextError } from './connection-errors.ts';
import {
  Encoding,
  Field,
  fields,
  items,
  MESSAGE_CAPACITY,
  messages,
  NULL_DATA,
  RECORD_WORDS,
  ReceiveStatus,
  STAGING_SIZE,
  sharedReceive,
  staging,
  TypeBits,
  text,
} from './pump-block.ts';

/** What a received chunk leads to. Each may end the pump. */
export interface PumpSink {
  /** Where the next parts of a message in progress are to be put; asked once a chunk. */
  room(): Buffer | undefined;
  /** A part of a message, or all of it. The bytes are the sink's own. `isAscii` is only said of a whole text message. */
  data(bytes: Buffer, type: number, isAscii: boolean): void;
  /** A whole text message of so many bytes in memory. */
  text(message: string, size: number): void;
  pong(payload: Buffer): void;
  /** `status` 1005: the frame had no payload. */
  close(status: number, reason: string): void;
  /** Bytes for the network: pongs, and how many. */
  pongsToSend(bytes: Buffer, count: number): void;
}

const native = loadNative();

/** The longest frame header. */
const HEADER_ROOM = 14;
/** A message above this size is not staged but framed by a call of its own. */
const LARGEST_STAGED = 16_384;

// Buffer.prototype.subarray takes more than twice the time of the constructor behind it.
const FastBuffer = (Buffer as unknown as Record<symbol, unknown>)[Symbol.species] as new (
  memory: ArrayBufferLike,
  offset: number,
  length: number,
) => Buffer;

// The messages in the staging area all belong to one pump.
let stagingOwner: NativePump | undefined;
let stagedCount = 0;
let stagedBytes = 0;
// Whether a sink is being told of the items in the block.
let telling = false;

/** What a pump has to know of its handle. Sizes are bytes. */
export interface PumpSettings {
  readonly receiveBuffer: number;
  readonly sendBuffer: number;
  /** Whether text is checked to be UTF-8. */
  readonly checksText: boolean;
}

/** Whose messages a pump stages. */
export interface StagingOwner {
  /** Another pump needs the staging area: calls {@link NativePump.takeFrames}. */
  flush(): void;
}

/** Hands a handle whose handshake is complete over to a pump. */
export type MakePump = (owner: StagingOwner) => NativePump;

export class NativePump {
  #native: NativeHandle | undefined;
  /** Held, for it closes the handle when it is collected. */
  readonly keeper: object;
  readonly #bufferSize: number;
  readonly #pieceSize: number;
  readonly #owner: StagingOwner;
  #tracer: ActionTracer | undefined;
  // While a chunk is taken: those that come meanwhile, in answer to what is told of it (a transport within the process).
  #waiting: Uint8Array[] | undefined;

  /** Takes over a handle whose handshake is complete. */
  constructor([handle, keeper]: PumpHandle, settings: PumpSettings, owner: StagingOwner) {
    const refusal = native.startPump(handle, settings.checksText);
    if (refusal !== undefined) throw new WinwireError('WebSocketReceive', refusal);
    this.#native = handle;
    this.keeper = keeper;
    this.#bufferSize = Math.max(settings.receiveBuffer, settings.sendBuffer);
    this.#pieceSize = Math.max(1, settings.sendBuffer - HEADER_ROOM);
    this.#owner = owner;
  }

  /**
   * Takes a chunk from the network.
   *
   * @throws {WinwireError | BadTextError} for a fault of the peer, after what came before it was told.
   */
  receive(chunk: Uint8Array, sink: PumpSink): void {
    if (this.#waiting !== undefined) {
      this.#waiting.push(chunk);
      return;
    }
    // Called by a sink (a transport within the process), it must not lose what the call that it is part of has in memory.
    const outer = telling
      ? { items: items.slice(), bytes: Uint8Array.from(sharedReceive), text: Uint8Array.from(text) }
      : undefined;
    const waiting = [chunk];
    this.#waiting = waiting;
    try {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) this.#receive(next, sink);
    } finally {
      this.#waiting = undefined;
      if (outer !== undefined) {
        items.set(outer.items);
        sharedReceive.set(outer.bytes);
        text.set(outer.text);
      }
      telling = outer !== undefined;
      this.#tracer?.collect();
    }
  }

  #receive(chunk: Uint8Array, sink: PumpSink): void {
    fields[Field.USED] = 0;
    fields[Field.BLOCK_USED] = 0;
    // The rest of a large message is better in its place at once; else what comes goes to the chunk's own memory.
    let room = sink.room();
    let block = room;
    while (this.#native !== undefined) {
      const status = receiveInto(this.#native, chunk, block, room !== undefined);
      const count = fields[Field.ITEM_COUNT] as number;
      const used = fields[Field.USED] as number;
      const blockUsed = fields[Field.BLOCK_USED] as number;
      const pongs = fields[Field.PONG_COUNT] as number;
      telling = true;
      if (pongs > 0) sink.pongsToSend(this.#takeSpilled(), pongs);
      this.#tell(block ?? chunk, count, sink);
      if (status < 0) throw new WinwireError('WebSocketGetAction', status);
      if (status === ReceiveStatus.BAD_TEXT) throw new BadTextError();
      if (status !== ReceiveStatus.FULL) return;
      fields[Field.USED] = used;
      fields[Field.BLOCK_USED] = blockUsed;
      // Without an item: what is next has no room in the chunk. It is not larger than the handle's buffers.
      block = count === 0 && block === undefined ? Buffer.allocUnsafe(this.#bufferSize) : undefined;
      room = undefined;
    }
  }

  #tell(block: Uint8Array, count: number, sink: PumpSink): void {
    const memory = block.buffer;
    const start = block.byteOffset;
    for (let at = 0; at < count * RECORD_WORDS && this.#native !== undefined; at += RECORD_WORDS) {
      const type = (items[at] as number) & 7;
      const offset = items[at + 1] as number;
      const length = items[at + 2] as number;
      const detail = items[at + 3] as number;
      if (type === TypeBits.CLOSE) {
        sink.close(detail, readReason(new FastBuffer(memory, start + offset, length)));
      } else if (detail === Encoding.UTF16) {
        sink.text(text.toString('utf16le', offset, offset + length), length);
      } else if (type === TypeBits.PING_PONG) {
        sink.pong(new FastBuffer(memory, start + offset, length));
      } else {
        sink.data(new FastBuffer(memory, start + offset, length), type, detail === Encoding.ASCII);
      }
    }
  }

  /** Whether the staging area has room for a message of this size. What is larger goes to {@link frameLarge}. */
  canStage(size: number): boolean {
    if (size > LARGEST_STAGED) return false;
    if (stagingOwner !== this && stagingOwner !== undefined) stagingOwner.#owner.flush();
    if (stagedCount === MESSAGE_CAPACITY || stagedBytes + size > STAGING_SIZE) this.#owner.flush();
    return true;
  }

  /** Stages bytes; only after {@link canStage}. */
  stage(type: number, bytes: Uint8Array): void {
    staging.set(bytes, stagedBytes);
    this.#addMessage(type, bytes.length, 0);
  }

  /** Stages text as UTF-8 and returns its size; only after {@link canStage} for three bytes a character. */
  stageText(type: number, text: string): number {
    const size = staging.write(text, stagedBytes, 'utf8');
    this.#addMessage(type, size, 0);
    return size;
  }

  /** Stages a control frame without payload; only after {@link canStage}. */
  stageControl(type: number): void {
    this.#addMessage(type, NULL_DATA, 0);
  }

  /** Stages a close; only after {@link canStage}. */
  stageClose(status: number, reason: Uint8Array): void {
    staging.set(reason, stagedBytes);
    this.#addMessage(TypeBits.CLOSE, reason.length, status);
  }

  #addMessage(type: number, length: number, status: number): void {
    // What an ended pump would stage, the next pump would send.
    if (this.#native === undefined) return;
    stagingOwner = this;
    const at = stagedCount * RECORD_WORDS;
    messages[at] = 0x80000000 | type;
    messages[at + 1] = length;
    messages[at + 2] = status;
    stagedCount++;
    if (length > 0) stagedBytes += length;
  }

  /**
   * Frames what was staged; undefined if that is nothing.
   *
   * @throws {WinwireError} if the handle refuses a message; what came before it is lost with the connection.
   */
  takeFrames(): Buffer | undefined {
    if (stagingOwner !== this || this.#native === undefined) return undefined;
    const count = stagedCount;
    const room = Buffer.allocUnsafe(this.#frameRoom(stagedBytes, count));
    stagingOwner = undefined;
    stagedCount = 0;
    stagedBytes = 0;
    return this.#framed(native.pumpSend(this.#native, count, room), room);
  }

  /** Frames one message at once, after what was staged. */
  frameLarge(type: number, bytes: Uint8Array): Buffer {
    const room = Buffer.allocUnsafeSlow(this.#frameRoom(bytes.length, 1));
    if (this.#native === undefined) return room.subarray(0, 0);
    return this.#framed(native.pumpSendOne(this.#native, 0x80000000 | type, bytes, room), room);
  }

  #framed(status: number, room: Buffer): Buffer {
    if (status < 0) throw new WinwireError('WebSocketSend', status);
    const bytes = fields[Field.OUT_SPILLED] !== 0 ? this.#takeSpilled() : room.subarray(0, fields[Field.OUT_SIZE]);
    this.#tracer?.collect();
    return bytes;
  }

  /** What framing takes at most: a client's frames are no longer than its send buffer. */
  #frameRoom(bytes: number, count: number): number {
    return bytes + HEADER_ROOM * (count + Math.ceil(bytes / this.#pieceSize));
  }

  #takeSpilled(): Buffer {
    const bytes = Buffer.allocUnsafe(fields[Field.OUT_SIZE] as number);
    native.pumpTakeOut(this.#native as NativeHandle, bytes);
    return bytes;
  }

  /** Tells of each call of the component from now on; the result ends that. */
  trace(listener: TraceListener): () => void {
    if (this.#native === undefined) {
      process.nextTick(() => listener.end());
      return () => {};
    }
    this.#tracer ??= new ActionTracer(native, this.#native);
    return this.#tracer.add(listener);
  }

  /** WebSocketAbortHandle, the drain, WebSocketDeleteHandle. What was staged is dropped. Nothing happens the second time. */
  end(): void {
    if (stagingOwner === this) {
      stagingOwner = undefined;
      stagedCount = 0;
      stagedBytes = 0;
    }
    const handle = this.#native;
    this.#native = undefined;
    this.#tracer?.end();
    if (handle !== undefined) native.deleteHandle(handle);
  }
}

function receiveInto(handle: NativeHandle, chunk: Uint8Array, block: Uint8Array | undefined, isRoom: boolean): number {
  if (block === undefined) return native.pumpReceive(handle, chunk);
  return isRoom ? native.pumpReceive(handle, chunk, block, true) : native.pumpReceive(handle, chunk, block);
}

function readReason(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new BadTextError();
  return bytes.toString('utf8');
}
