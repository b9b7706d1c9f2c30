/**
 * Assembles messages from parts. The parts of a small message are joined at its end; those of a large one are written
 * to a block as they arrive, by the pump if possible.
 */
import { type LimitViolation, TOO_BIG } from './close-status.ts';

/** From this size on a message has a block for its rest. Bytes. */
const LARGE = 65_536;
/**
 * The same for bytes that are unmasked straight into the block. A smaller message is joined faster, in memory that the
 * processor still has at hand.
 */
const LARGE_IN_PLACE = 12_288;
/** So many parts go to a block in any case: a Buffer takes 200 bytes beside its own. */
const MANY_PARTS = 8;
const BLOCK_SIZE = 262_144;
/** Maximum block size that is predicted from the size of the last message, for memory that a peer may never fill. */
const LARGEST_GUESS = 16_777_216;
/** The announced size of a frame is trusted up to this, or up to a multiple of what has arrived of its message. */
const BELIEVED = 1_048_576;
const BELIEVED_TIMES = 32;
/** Memory for several blocks: an ArrayBuffer for each would burden the garbage collector. */
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
  #parts: Buffer[] = [];
  // Follows the parts; its first bytes are used.
  #block: Buffer | undefined;
  #blockUsed = 0;
  #size = 0;
  #active = false;
  #lastSize = 0;
  #announced = 0;

  constructor(maxSize: number) {
    this.#maxSize = maxSize;
  }

  /** Whether a message has started and not ended. */
  get active(): boolean {
    return this.#active;
  }

  /** Returns the limit that a part of this size exceeds, or undefined. */
  refusal(size: number): LimitViolation | undefined {
    return this.#size + size > this.#maxSize ? TOO_BIG : undefined;
  }

  /**
   * Announces the missing bytes of a frame; returns the limit that they exceed, or undefined. {@link freeSpace} uses
   * the size until the next part arrives, if the message is large and ends with that frame: what follows other frames
   * is unknown.
   */
  announce(size: number, endsMessage: boolean, inPlace: boolean): LimitViolation | undefined {
    const total = this.#size + size;
    const isLarge = total >= (inPlace ? LARGE_IN_PLACE : LARGE) || this.#parts.length >= MANY_PARTS;
    this.#announced = endsMessage && isLarge ? size : 0;
    return total > this.#maxSize ? TOO_BIG : undefined;
  }

  /**
   * Returns where the pump should write the next part; undefined for a message that has not started, or may be small.
   */
  freeSpace(): Buffer | undefined {
    if (!this.active) return undefined;
    if (this.#blockUsed === this.#block?.length) this.#closeBlock();
    const mayBeSmall = this.#announced === 0 && this.#size < LARGE && this.#lastSize < LARGE;
    if (this.#block === undefined && mayBeSmall) return undefined;
    this.#block ??= this.#openBlock();
    return this.#block.subarray(this.#blockUsed);
  }

  /** Adds a part, which may already be at the start of {@link freeSpace}. */
  add(part: Buffer): void {
    this.#size += part.length;
    this.#active = true;
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
    return part.byteOffset === block.byteOffset + this.#blockUsed && part.buffer === block.buffer;
  }

  /** Returns the message with this last part. */
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
    this.#active = false;
    return message;
  }

  /** Allocates a block for the whole message as far as its size is known; then the message needs no joining. */
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

  /** The announced size, or the size of the previous message. */
  #expectedSize(): number {
    if (this.#announced === 0) return this.#lastSize;
    const size = this.#size + this.#announced;
    const believed = Math.max(BELIEVED, 2 * this.#lastSize, BELIEVED_TIMES * this.#size);
    if (size <= believed) return size;
    // A small block while little has arrived: less is copied once the announced size is trusted.
    return this.#size < LARGE ? this.#size + LARGE : believed;
  }

  #closeBlock(): void {
    const block = this.#block;
    if (block !== undefined)
      this.#parts.push(block.length === this.#blockUsed ? block : block.subarray(0, this.#blockUsed));
    this.#block = undefined;
    this.#blockUsed = 0;
  }
}
