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

  /** Where the next part would best be; undefined for a message that has not begun, is small and may stay so. */
  room(): Buffer | undefined {
    if (!this.active || (this.#size < LARGE && this.#lastSize < LARGE)) return undefined;
    if (this.#blockUsed === this.#block?.length) this.#closeBlock();
    this.#block ??= this.#openBlock();
    return this.#block.subarray(this.#blockUsed);
  }

  /** A part, which may already be at the beginning of {@link room}. */
  add(part: Buffer): void {
    this.#size += part.length;
    this.#count++;
    if (this.#block === undefined) {
      this.#parts.push(part);
    } else if (part.buffer === this.#block.buffer) {
      this.#blockUsed += part.length;
    } else if (part.length <= this.#block.length - this.#blockUsed) {
      this.#block.set(part, this.#blockUsed);
      this.#blockUsed += part.length;
    } else {
      this.#closeBlock();
      this.#parts.push(part);
    }
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

  /** The message may be as long as the one before it, and is then complete without being joined. */
  #openBlock(): Buffer {
    if (this.#lastSize <= this.#size) return Buffer.allocUnsafeSlow(BLOCK_SIZE);
    const block = Buffer.allocUnsafeSlow(this.#lastSize);
    for (const part of this.#parts) {
      block.set(part, this.#blockUsed);
      this.#blockUsed += part.length;
    }
    this.#parts = [];
    return block;
  }

  #closeBlock(): void {
    if (this.#block !== undefined) this.#parts.push(this.#block.subarray(0, this.#blockUsed));
    this.#block = undefined;
    this.#blockUsed = 0;
  }
}
