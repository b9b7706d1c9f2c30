/** The staging area of a thread: messages of one pump at a time, to be framed by one native call. */
import { MESSAGE_CAPACITY, messages, RECORD_WORDS, STAGING_SIZE, staging } from './pump-block.ts';

/** A larger message is not staged but framed by a separate call. */
const LARGEST_STAGED = 16_384;

/** The owner of the staged messages. */
export interface StagingOwner {
  /** Frames and writes what is staged: another pump needs the area, or it is full. */
  flush(): void;
}

class StagingArea {
  #owner: StagingOwner | undefined;
  #count = 0;
  #bytes = 0;

  /** Reserves space for a message of this size; returns false if it is too large to be staged. */
  reserve(owner: StagingOwner, size: number): boolean {
    if (size > LARGEST_STAGED) return false;
    if (this.#owner !== owner) this.#owner?.flush();
    if (this.#count === MESSAGE_CAPACITY || this.#bytes + size > STAGING_SIZE) owner.flush();
    return true;
  }

  addBytes(owner: StagingOwner, type: number, bytes: Uint8Array, status = 0): void {
    staging.set(bytes, this.#bytes);
    this.#add(owner, type, bytes.length, status);
  }

  /** Adds text as UTF-8 and returns its size in bytes. */
  addText(owner: StagingOwner, type: number, text: string): number {
    const size = staging.write(text, this.#bytes, 'utf8');
    this.#add(owner, type, size, 0);
    return size;
  }

  /** Adds a frame without payload; `length` is {@link NULL_DATA}. */
  addEmpty(owner: StagingOwner, type: number, length: number): void {
    this.#add(owner, type, length, 0);
  }

  #add(owner: StagingOwner, type: number, length: number, status: number): void {
    this.#owner = owner;
    const at = this.#count * RECORD_WORDS;
    messages[at] = 0x80000000 | type;
    messages[at + 1] = length;
    messages[at + 2] = status;
    this.#count++;
    if (length > 0) this.#bytes += length;
  }

  /**
   * Empties the area; returns `undefined` if this owner has nothing in it. The bytes stay valid until the next message.
   */
  take(owner: StagingOwner): { readonly count: number; readonly bytes: number } | undefined {
    if (this.#owner !== owner) return undefined;
    const taken = { count: this.#count, bytes: this.#bytes };
    this.#owner = undefined;
    this.#count = 0;
    this.#bytes = 0;
    return taken;
  }
}

export const stagingArea = new StagingArea();
