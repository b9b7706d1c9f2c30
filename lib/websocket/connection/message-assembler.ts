/**
 * Puts the parts of a message together. A small one is joined at its end; of a large one the parts are put in their places
 * as they come, in a block that the pump can write to by itself.
 */
import { type Refusal, TOO_BIG, TOO_MANY_PARTS } from './close-status.ts';

/** A message of this size has a block for what follows. Bytes. */
const LARGE = 65_536;
const BLOCK_SIZE = 262_144;
/** What the size of the last message is believed up to, for memory that a peer may never fill. */
const LARGEST_GUESS = 16_777_216;
/** What a frame's header is believed up to in any case; beyond it, up to so many times of what came of its message. */
const BELIEVED = 1_048_576;
const BELIEVED_TIMES = 32;
/** Memory for several blocks, as a chunk is for several messages: an ArrayBuffer for each would burden the collector. */
const SLAB_SIZE = 65_536;

let slab = Buffer.alloc(0);
let slabUsed = 0;

function allocate(size: number): Buffer {
  if (size > SLAB_SIZE / 2) return Buffer.allocUnsafeSlow(size);
  if (size > slab.length - slabUsed) {
    slab = Buffer.allocUnsafeSlow(SLAB_SIZE);
    slabUsed = 0;
  }
  slabUsed += size;
  return slab.subarray(slabUsed - size, slabUsed);
}

export class MessageAssembler {
  readonly #maxSize: number;
  readonly #maxParts: number;
  #parts: Buffer[] = [];
  // Behind the parts: a block of which the first bytes are used.
  #block: Buffer | undefined;
  #blockUsed = 0;
  #size = 0;
  #count = 0;
  #lastSize = 0;
  #announced = 0;

  constructor(maxSize: number, maxParts: number) {
    this.#maxSize = maxSize;
    this.#maxParts = maxParts;
  }

  /** Whether a message has begun and not ended. */
  get active(): boolean {
    return this.#count > 0;
  }

  /** Why a part of this size cannot be taken, or undefined. */
  refusal(size: number): Refusal | undefined {
    if (this.#size + size > this.#maxSize) return TOO_BIG;
    if (this.#count >= this.#maxParts) return TOO_MANY_PARTS;
    return undefined;
  }

  /**
   * A frame in progress says that so many more bytes come; returns why they cannot be taken, or undefined. Until the next
   * part, {@link room} counts on them if the message ends with that frame: what follows other frames is not known.
   */
  announce(size: number, endsMessage: boolean): Refusal | undefined {
    this.#announced = endsMessage ? size : 0;
    return this.#size + size > this.#maxSize ? TOO_BIG : undefined;
  }

  /** Where the next part would best be; undefined for a message that has not begun, or may be small. */
  room(): Buffer | undefined {
    if (!this.active || (this.#announced === 0 && this.#size < LARGE && this.#lastSize < LARGE)) return undefined;
    if (this.#blockUsed === this.#block?.length) this.#closeBlock();
    this.#block ??= this.#openBlock();
    return this.#block.subarray(this.#blockUsed);
  }

  /** A part, which may already be at the beginning of {@link room}. */
  add(part: Buffer): void {
    this.#size += part.length;
    this.#count++;
    this.#announced = 0;
    if (this.#block === undefined) {
      this.#parts.push(part);
    } else if (this.#isNextInBlock(part, this.#block)) {
      this.#blockUsed += part.length;
    } else if (part.length <= this.#block.length - this.#blockUsed) {
      this.#block.set(part, this.#blockUsed);
      this.#blockUsed += part.length;
    } else {
      this.#closeBlock();
      this.#parts.push(part);
    }
  }

  #isNextInBlock(part: Buffer, block: Buffer): boolean {
    return part.buffer === block.buffer && part.byteOffset === block.byteOffset + this.#blockUsed;
  }

  /** The message whose last part this is. */
  finish(lastPart: Buffer): Buffer {
    this.add(lastPart);
    const unused = (this.#block?.length ?? 0) - this.#blockUsed;
    this.#closeBlock();
    const [first] = this.#parts;
    const message =
      first !== undefined && this.#parts.length === 1 && unused <= this.#size
        ? first
        : Buffer.concat(this.#parts, this.#size);
    this.#lastSize = Math.min(this.#size, LARGEST_GUESS);
    this.#parts = [];
    this.#size = 0;
    this.#count = 0;
    return message;
  }

  /** A block for all of the message as far as its size is known; with it, the message is complete without being joined. */
  #openBlock(): Buffer {
    const size = this.#expectedSize();
    if (size <= this.#size) return Buffer.allocUnsafeSlow(BLOCK_SIZE);
    const block = allocate(size);
    for (const part of this.#parts) {
      block.set(part, this.#blockUsed);
      this.#blockUsed += part.length;
    }
    this.#parts = [];
    return block;
  }

  /** By its header, or as long as the one before it. */
  #expectedSize(): number {
    if (this.#announced === 0) return this.#lastSize;
    const size = this.#size + this.#announced;
    const believed = Math.max(BELIEVED, 2 * this.#lastSize, BELIEVED_TIMES * this.#size);
    if (size <= believed) return size;
    // Little came yet; a small block first, so that little is copied once the header is believed.
    return this.#size < LARGE ? this.#size + LARGE : believed;
  }

  #closeBlock(): void {
    if (this.#block !== undefined) this.#parts.push(this.#block.subarray(0, this.#blockUsed));
    this.#block = undefined;
    this.#blockUsed = 0;
  }
}
