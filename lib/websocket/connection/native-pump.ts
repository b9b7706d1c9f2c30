/** Drives one handle with the native pump: one call processes a chunk of network bytes, or a batch of messages. */
import { constants, isUtf8 } from 'node:buffer';
import { ActionTracer, type TraceListener } from '../../diagnostics/action-tracer.ts';
import { componentError } from '../../errors.ts';
import { type NativeBinding, type NativeHandle, type PumpHandle, whenLoaded } from '../../native.ts';
import { BadTextError } from './connection-errors.ts';
import {
  Encoding,
  Field,
  fields,
  items,
  NULL_DATA,
  PUMP_CALLS,
  RECORD_WORDS,
  ReceiveStatus,
  TypeBits,
  text,
} from './pump-block.ts';
import { receiveArea } from './receive-area.ts';
import { type StagingOwner, stagingArea } from './staging-area.ts';
import { endOfTexts, TextGroup } from './text-group.ts';

/** Receives messages. */
export interface MessageSink {
  /** Returns where the next parts of an incomplete message should be written; called once per chunk. */
  freeSpace(): Buffer | undefined;
  /**
   * Called at the end of a chunk that cuts a data frame: its missing bytes, whether the message ends with it, and whether
   * they will be unmasked straight into {@link freeSpace}.
   */
  announce(size: number, endsMessage: boolean, inPlace: boolean): void;
  /** A part of a message, or all of it. The sink may keep the bytes. */
  data(bytes: Buffer, type: number): void;
  /** A complete text message; `size` is its bytes in memory. */
  text(message: string, size: number): void;
  /** A message has more frames than the limit; nothing of the first frame too many is reported. */
  tooManyFrames(): void;
}

/** Receives pongs, and the answers to pings. */
export interface PingSink {
  pongReceived(payload: Buffer): void;
  /** The handle has answered `count` pings: `bytes` must be sent. */
  pingsReceived(bytes: Buffer, count: number): void;
}

/** Receives the peer's close. */
export interface CloseSink {
  /** `code` is 1005 if the frame had no payload. */
  closeReceived(code: number, reason: string): void;
}

/** The receivers of a chunk's contents. Each call may end the pump. */
export interface PumpSinks {
  readonly messages: MessageSink;
  readonly pings: PingSink;
  readonly closing: CloseSink;
}

let native: NativeBinding;
whenLoaded((binding) => {
  native = binding;
});

/** The maximum size of a frame header. */
const MAX_HEADER_SIZE = 14;

/** For frames that become a string at once; a thread's pumps share it. Most staged messages fit with their headers. */
let sharedSpace: Buffer | undefined;
const SHARED_SPACE_SIZE = 98_304;

// Buffer.prototype.subarray takes more than twice as long as the constructor behind it.
const FastBuffer = (Buffer as unknown as Record<symbol, unknown>)[Symbol.species] as new (
  memory: ArrayBufferLike,
  offset: number,
  length: number,
) => Buffer;

/** Settings of a pump. Sizes are bytes. */
export interface PumpSettings {
  readonly receiveBuffer: number;
  readonly sendBuffer: number;
  /** Whether payload is masked; a message that exceeds the send buffer then becomes several frames. */
  readonly masks: boolean;
  /** Whether text must be UTF-8. */
  readonly checksText: boolean;
}

/** Passes a handle whose handshake is complete to a pump. */
export type MakePump = (owner: StagingOwner) => NativePump;

const MAX_UINT32 = 0xffff_ffff;

export class NativePump {
  #native: NativeHandle | undefined;
  /** Referenced because it closes the handle when it is garbage-collected. */
  readonly keeper: object;
  readonly #bufferSize: number;
  readonly #pieceSize: number;
  readonly #owner: StagingOwner;
  #tracer: ActionTracer | undefined;
  // Chunks that arrive while another is processed, in answer to its events (a transport within the process).
  #waiting: Uint8Array[] | undefined;

  /** Takes over a handle whose handshake is complete. `messageFrames` is the maximum number of frames of a message. */
  constructor([handle, keeper]: PumpHandle, settings: PumpSettings, owner: StagingOwner, messageFrames: number) {
    const { checksText, masks, receiveBuffer, sendBuffer } = settings;
    const refusal = native.startPump(
      handle,
      checksText,
      true,
      receiveBuffer,
      sendBuffer,
      Math.min(messageFrames, MAX_UINT32),
    );
    if (refusal !== undefined) throw componentError('WebSocketReceive', refusal);
    this.#native = handle;
    this.keeper = keeper;
    this.#bufferSize = Math.max(receiveBuffer, sendBuffer);
    this.#pieceSize = masks ? Math.max(1, sendBuffer - MAX_HEADER_SIZE) : Number.POSITIVE_INFINITY;
    this.#owner = owner;
  }

  /**
   * Processes a chunk from the network.
   *
   * @throws {WinwireError | BadTextError} for an error of the peer, after reporting what preceded it.
   */
  receive(chunk: Uint8Array, sinks: PumpSinks): void {
    if (this.#waiting !== undefined) {
      this.#waiting.push(chunk);
      return;
    }
    const outer = receiveArea.save();
    const waiting: Uint8Array[] = [];
    this.#waiting = waiting;
    try {
      this.#receive(chunk, sinks);
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) this.#receive(next, sinks);
    } finally {
      this.#waiting = undefined;
      receiveArea.restore(outer);
      this.#tracer?.collect();
    }
  }

  #receive(chunk: Uint8Array, sinks: PumpSinks): void {
    fields[Field.USED] = 0;
    fields[Field.BLOCK_USED] = 0;
    // The rest of a message is best written to its block; what follows it stays in the chunk's memory.
    let space = sinks.messages.freeSpace();
    let block: Buffer | undefined;
    while (this.#native !== undefined) {
      const status = receiveInto(this.#native, chunk, space, block);
      const count = fields[Field.ITEM_COUNT] as number;
      const used = fields[Field.USED] as number;
      const blockUsed = fields[Field.BLOCK_USED] as number;
      const frameLeft = (fields[Field.FRAME_LEFT] as number) >>> 0;
      const endsMessage = fields[Field.FRAME_ENDS_MESSAGE] === 1;
      const inPlace = fields[Field.IN_PLACE] === 1;
      const pongs = fields[Field.PONG_COUNT] as number;
      const failedCall = failedFunction();
      receiveArea.isBeingRead = true;
      if (pongs > 0 || fields[Field.OUT_SIZE] !== 0) sinks.pings.pingsReceived(this.#takeSpilled(), pongs);
      this.#deliver(block ?? chunk, space ?? chunk, count, sinks);
      if (status < 0) throw componentError(failedCall, status);
      if (status === ReceiveStatus.BAD_TEXT) throw new BadTextError();
      if (status === ReceiveStatus.TOO_MANY_FRAMES) {
        if (this.#native !== undefined) sinks.messages.tooManyFrames();
        return;
      }
      if (status !== ReceiveStatus.FULL) {
        if (frameLeft > 0 && this.#native !== undefined) sinks.messages.announce(frameLeft, endsMessage, inPlace);
        return;
      }
      fields[Field.USED] = used;
      fields[Field.BLOCK_USED] = blockUsed;
      // No item: the next part does not fit into the chunk. It is not larger than the handle's buffers.
      block =
        count === 0 && block === undefined && space === undefined ? Buffer.allocUnsafe(this.#bufferSize) : undefined;
      space = undefined;
    }
  }

  #deliver(block: Uint8Array, space: Uint8Array, count: number, { messages, pings, closing }: PumpSinks): void {
    const memory = block.buffer;
    const start = block.byteOffset;
    // A constant of this function: the compiler reads it once.
    const records = items;
    let wide: TextGroup | undefined;
    let ascii: TextGroup | undefined;
    for (let at = 0; at < count * RECORD_WORDS && this.#native !== undefined; at += RECORD_WORDS) {
      const type = (records[at] as number) & 7;
      const offset = records[at + 1] as number;
      const length = records[at + 2] as number;
      const detail = records[at + 3] as number;
      if (type === TypeBits.CLOSE) {
        closing.closeReceived(detail, decodeReason(text.subarray(offset, offset + length)));
      } else if (type === TypeBits.PING_PONG) {
        pings.pongReceived(Buffer.from(text.subarray(offset, offset + length)));
      } else if (detail === Encoding.UTF16) {
        wide ??= new TextGroup(text, 'utf16le', endOfTexts(count, Encoding.UTF16));
        messages.text(wide.read(offset, length), length);
      } else if (detail === Encoding.ASCII && length <= constants.MAX_STRING_LENGTH) {
        ascii ??= new TextGroup(
          new FastBuffer(memory, start, block.length),
          'latin1',
          endOfTexts(count, Encoding.ASCII),
        );
        messages.text(ascii.read(offset, length), length);
      } else if (detail === Encoding.IN_ROOM) {
        messages.data(new FastBuffer(space.buffer, space.byteOffset + offset, length), type);
      } else {
        messages.data(new FastBuffer(memory, start + offset, length), type);
      }
    }
  }

  /** Whether a message of this size can be staged; a larger one needs {@link frameLarge}. */
  canStage(size: number): boolean {
    return stagingArea.reserve(this.#owner, size);
  }

  // After the end nothing is staged, because the next pump would send it.

  /** Stages bytes; requires {@link canStage}. */
  stage(type: number, bytes: Uint8Array): void {
    if (this.#native !== undefined) stagingArea.addBytes(this.#owner, type, bytes);
  }

  /** Stages text as UTF-8 and returns its size; requires {@link canStage} for three bytes per character. */
  stageText(type: number, text: string): number {
    return this.#native === undefined ? 0 : stagingArea.addText(this.#owner, type, text);
  }

  /** Stages a control frame without payload; requires {@link canStage}. */
  stageControl(type: number): void {
    if (this.#native !== undefined) stagingArea.addEmpty(this.#owner, type, NULL_DATA);
  }

  /** Stages a close; only after {@link canStage}. */
  stageClose(status: number, reason: Uint8Array): void {
    if (this.#native !== undefined) stagingArea.addBytes(this.#owner, TypeBits.CLOSE, reason, status);
  }

  /**
   * Frames the staged messages; returns undefined if there are none. With `asString` usually as a string that has a
   * character for each byte.
   *
   * @throws {WinwireError} if the handle rejects a message; the earlier ones are lost with the connection.
   */
  takeFrames(asString: boolean): Buffer | string | undefined {
    const staged = this.#native && stagingArea.take(this.#owner);
    if (this.#native === undefined || staged === undefined) return undefined;
    const capacity = this.#frameCapacity(staged.bytes, staged.count);
    const isShared = asString && capacity <= SHARED_SPACE_SIZE;
    if (isShared) sharedSpace ??= Buffer.allocUnsafeSlow(SHARED_SPACE_SIZE);
    const space = isShared ? (sharedSpace as Buffer) : Buffer.allocUnsafe(capacity);
    const frames = this.#framed(native.pumpSend(this.#native, staged.count, space), space);
    return isShared ? frames.toString('latin1') : frames;
  }

  /** Frames one message immediately, after the staged ones. */
  frameLarge(type: number, bytes: Uint8Array): Buffer {
    const space = Buffer.allocUnsafeSlow(this.#frameCapacity(bytes.length, 1));
    if (this.#native === undefined) return space.subarray(0, 0);
    return this.#framed(native.pumpSendOne(this.#native, 0x80000000 | type, bytes, space), space);
  }

  #framed(status: number, space: Buffer): Buffer {
    if (status < 0) throw componentError(failedFunction(), status);
    const bytes = fields[Field.OUT_SPILLED] !== 0 ? this.#takeSpilled() : space.subarray(0, fields[Field.OUT_SIZE]);
    this.#tracer?.collect();
    return bytes;
  }

  /** The maximum size of the frames; only masked ones are limited by the send buffer. */
  #frameCapacity(bytes: number, count: number): number {
    return bytes + MAX_HEADER_SIZE * (count + Math.ceil(bytes / this.#pieceSize));
  }

  #takeSpilled(): Buffer {
    const bytes = Buffer.allocUnsafe(fields[Field.OUT_SIZE] as number);
    native.pumpTakeOut(this.#native as NativeHandle, bytes);
    return bytes;
  }

  /** Reports each component call from now on; the returned function stops that. */
  trace(listener: TraceListener): () => void {
    if (this.#native === undefined) {
      process.nextTick(() => listener.end());
      return () => {};
    }
    this.#tracer ??= new ActionTracer(native, this.#native);
    return this.#tracer.add(listener);
  }

  /**
   * Calls WebSocketAbortHandle, drains the queues and calls WebSocketDeleteHandle. Staged messages are dropped. A
   * second call has no effect.
   */
  end(): void {
    stagingArea.take(this.#owner);
    const handle = this.#native;
    this.#native = undefined;
    this.#tracer?.end();
    if (handle !== undefined) native.deleteHandle(handle);
  }
}

function receiveInto(handle: NativeHandle, chunk: Uint8Array, space?: Uint8Array, block?: Uint8Array): number {
  if (space !== undefined) return native.pumpReceive(handle, chunk, space, true);
  return block === undefined ? native.pumpReceive(handle, chunk) : native.pumpReceive(handle, chunk, block);
}

function failedFunction(): string {
  return PUMP_CALLS[fields[Field.FAILED_FUNCTION] as number] as string;
}

function decodeReason(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new BadTextError();
  return bytes.toString('utf8');
}
