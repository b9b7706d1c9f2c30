/** Puts the parts of a message together. */

/** Why a message was refused, and the close status that says so to the peer. */
export interface Refusal {
  readonly status: number;
  readonly reason: string;
}

const TOO_BIG: Refusal = { status: 1009, reason: 'message too big' };
const TOO_MANY_PARTS: Refusal = { status: 1008, reason: 'too many fragments' };

export class MessageAssembler {
  readonly #maxSize: number;
  readonly #maxParts: number;
  #parts: Buffer[] = [];
  #size = 0;

  constructor(maxSize: number, maxParts: number) {
    this.#maxSize = maxSize;
    this.#maxParts = maxParts;
  }

  /** Whether a message has begun and not ended. */
  get active(): boolean {
    return this.#parts.length > 0;
  }

  /** Why a part of this size cannot be taken, or undefined. */
  refusal(size: number): Refusal | undefined {
    if (this.#size + size > this.#maxSize) return TOO_BIG;
    if (this.#parts.length >= this.#maxParts) return TOO_MANY_PARTS;
    return undefined;
  }

  add(part: Buffer): void {
    this.#parts.push(part);
    this.#size += part.length;
  }

  /** The message whose last part this is. */
  finish(lastPart: Buffer): Buffer {
    this.add(lastPart);
    const message = Buffer.concat(this.#parts, this.#size);
    this.clear();
    return message;
  }

  clear(): void {
    this.#parts = [];
    this.#size = 0;
  }
}
