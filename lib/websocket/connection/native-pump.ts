/**
 * One handle, driven by the native pump: a call takes a chunk of network bytes or a batch of messages, however many
 * messages either holds.
 */
import { constants, isUtf8 } from 'node:buffer';
import { ActionTracer, type TraceListener } from '../../diagnostics/action-tracer.ts';
import { WinwireError } from '../../errors.ts';
import { type NativeBinding, type NativeHandle, type PumpHandle, whenLoaded } from '../../native.ts';
import { BadTextError } from './connection-errors.ts';
import {
  Encoding,
  Field,
  fields,
  items,
  NULL_DATA,
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
  /** Where the next parts of a message in progress are to be put; asked once a chunk. */
  room(): Buffer | undefined;
  /** At the end of a chunk, where that is known: bytes that are missing of a data frame, and whether a message ends with it. */
  announce(size: number, endsMessage: boolean): void;
  /** A part of a message, or all of it. The bytes are the sink's to keep. */
  data(bytes: Buffer, type: number): void;
  /** A whole text message; `size` is its bytes in memory. */
  text(message: string, size: number): void;
}

/** Receives pongs, and the answers to pings. */
export interface PingSink {
  pongReceived(payload: Buffer): void;
  /** The handle has answered `count` pings: `bytes` are for the network. */
  pingsReceived(bytes: Buffer, count: number): void;
}

/** Receives the peer's close. */
export interface CloseSink {
  /** `code` 1005: the frame had no payload. */
  closeReceived(code: number, reason: string): void;
}

/** Who receives what a chunk holds. Each call may end the pump. */
export interface PumpSinks {
  readonly messages: MessageSink;
  readonly pings: PingSink;
  readonly closing: CloseSink;
}

let native: NativeBinding;
whenLoaded((binding) => {
  native = binding;
});

/** The longest frame header. */
const HEADER_ROOM = 14;

// Buffer.prototype.subarray takes more than twice the time of the constructor behind it.
const FastBuffer = (Buffer as unknown as Record<symbol, unknown>)[Symbol.species] as new (
  memory: ArrayBufferLike,
  offset: number,
  length: number,
) => Buffer;

/** What a pump has to know of its handle. Sizes are bytes. */
export interface PumpSettings {
  readonly receiveBuffer: number;
  readonly sendBuffer: number;
  /** Whether text is checked to be UTF-8. */
  readonly checksText: boolean;
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
    const refusal = native.startPump(handle, settings.checksText, true);
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
  receive(chunk: Uint8Array, sinks: PumpSinks): void {
    if (this.#waiting !== undefined) {
      this.#waiting.push(chunk);
      return;
    }
    const outer = receiveArea.save();
    const waiting = [chunk];
    this.#waiting = waiting;
    try {
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
    // The rest of a message is best put in its place at once; what follows it stays in the chunk's own memory.
    let room = sinks.messages.room();
    let block: Buffer | undefined;
    while (this.#native !== undefined) {
      const status = receiveInto(this.#native, chunk, room, block);
      const count = fields[Field.ITEM_COUNT] as number;
      const used = fields[Field.USED] as number;
      const blockUsed = fields[Field.BLOCK_USED] as number;
      const frameLeft = (fields[Field.FRAME_LEFT] as number) >>> 0;
      const endsMessage = fields[Field.FRAME_ENDS_MESSAGE] === 1;
      const pongs = fields[Field.PONG_COUNT] as number;
      receiveArea.isBeingRead = true;
      if (pongs > 0) sinks.pings.pingsReceived(this.#takeSpilled(), pongs);
      this.#deliver(block ?? chunk, room ?? chunk, count, sinks);
      if (status < 0) throw new WinwireError('WebSocketGetAction', status);
      if (status === ReceiveStatus.BAD_TEXT) throw new BadTextError();
      if (status !== ReceiveStatus.FULL) {
        if (frameLeft > 0 && this.#native !== undefined) sinks.messages.announce(frameLeft, endsMessage);
        return;
      }
      fields[Field.USED] = used;
      fields[Field.BLOCK_USED] = blockUsed;
      // Without an item: what is next has no room in the chunk. It is not larger than the handle's buffers.
      block =
        count === 0 && block === undefined && room === undefined ? Buffer.allocUnsafe(this.#bufferSize) : undefined;
      room = undefined;
    }
  }

  #deliver(block: Uint8Array, room: Uint8Array, count: number, { messages, pings, closing }: PumpSinks): void {
    const memory = block.buffer;
    const start = block.byteOffset;
    let wide: TextGroup | undefined;
    let ascii: TextGroup | undefined;
    for (let at = 0; at < count * RECORD_WORDS && this.#native !== undefined; at += RECORD_WORDS) {
      const type = (items[at] as number) & 7;
      const offset = items[at + 1] as number;
      const length = items[at + 2] as number;
      const detail = items[at + 3] as number;
      if (type === TypeBits.CLOSE) {
        closing.closeReceived(detail, readReason(text.subarray(offset, offset + length)));
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
        messages.data(new FastBuffer(room.buffer, room.byteOffset + offset, length), type);
      } else {
        messages.data(new FastBuffer(memory, start + offset, length), type);
      }
    }
  }

  /** Whether a message of this size can be staged; a larger one goes to {@link frameLarge}. */
  canStage(size: number): boolean {
    return stagingArea.reserve(this.#owner, size);
  }

  // An ended pump stages nothing: the next pump would send it.

  /** Stages bytes; only after {@link canStage}. */
  stage(type: number, bytes: Uint8Array): void {
    if (this.#native !== undefined) stagingArea.addBytes(this.#owner, type, bytes);
  }

  /** Stages text as UTF-8 and returns its size; only after {@link canStage} for three bytes a character. */
  stageText(type: number, text: string): number {
    return this.#native === undefined ? 0 : stagingArea.addText(this.#owner, type, text);
  }

  /** Stages a control frame without payload; only after {@link canStage}. */
  stageControl(type: number): void {
    if (this.#native !== undefined) stagingArea.addEmpty(this.#owner, type, NULL_DATA);
  }

  /** Stages a close; only after {@link canStage}. */
  stageClose(status: number, reason: Uint8Array): void {
    if (this.#native !== undefined) stagingArea.addBytes(this.#owner, TypeBits.CLOSE, reason, status);
  }

  /**
   * Frames what was staged; undefined if that is nothing.
   *
   * @throws {WinwireError} if the handle refuses a message; what came before it is lost with the connection.
   */
  takeFrames(): Buffer | undefined {
    const staged = this.#native && stagingArea.take(this.#owner);
    if (this.#native === undefined || staged === undefined) return undefined;
    const room = Buffer.allocUnsafe(this.#frameRoom(staged.bytes, staged.count));
    return this.#framed(native.pumpSend(this.#native, staged.count, room), room);
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
    stagingArea.take(this.#owner);
    const handle = this.#native;
    this.#native = undefined;
    this.#tracer?.end();
    if (handle !== undefined) native.deleteHandle(handle);
  }
}

function receiveInto(handle: NativeHandle, chunk: Uint8Array, room?: Uint8Array, block?: Uint8Array): number {
  if (room !== undefined) return native.pumpReceive(handle, chunk, room, true);
  return block === undefined ? native.pumpReceive(handle, chunk) : native.pumpReceive(handle, chunk, block);
}

function readReason(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new BadTextError();
  return bytes.toString('utf8');
}
