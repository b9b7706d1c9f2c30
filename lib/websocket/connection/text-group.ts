/** Strings of received texts. */
import { type Encoding, items, RECORD_WORDS, TypeBits } from './pump-block.ts';

/** What a text of 13 characters and more keeps alive at most, beside itself. Bytes. */
const GROUP_SIZE = 2048;

/**
 * Small texts that lie together in memory are cut out of one string: that takes a fifth of the time of a conversion for
 * each.
 */
export class TextGroup {
  readonly #memory: Buffer;
  readonly #encoding: 'latin1' | 'utf16le';
  readonly #unitSize: number;
  // Where the last text ends; what lies behind it is not text.
  readonly #end: number;
  #from = 0;
  #to = 0;
  #group = '';

  constructor(memory: Buffer, encoding: 'latin1' | 'utf16le', end: number) {
    this.#memory = memory;
    this.#encoding = encoding;
    this.#unitSize = encoding === 'latin1' ? 1 : 2;
    this.#end = end;
  }

  /** The text at this place, which lies behind the one before. */
  read(offset: number, length: number): string {
    const end = offset + length;
    if (end > this.#to) {
      const to = Math.min(offset + GROUP_SIZE, this.#end);
      if (length * 2 > to - offset) return this.#memory.toString(this.#encoding, offset, end);
      this.#group = this.#memory.toString(this.#encoding, offset, to);
      this.#from = offset;
      this.#to = to;
    }
    return this.#group.substring((offset - this.#from) / this.#unitSize, (end - this.#from) / this.#unitSize);
  }
}

/** Where the last text with this encoding among the first items ends; 0 without any. */
export function endOfTexts(count: number, encoding: typeof Encoding.ASCII | typeof Encoding.UTF16): number {
  for (let at = (count - 1) * RECORD_WORDS; at >= 0; at -= RECORD_WORDS) {
    const isData = ((items[at] as number) & 7) < TypeBits.CLOSE;
    if (isData && items[at + 3] === encoding) return (items[at + 1] as number) + (items[at + 2] as number);
  }
  return 0;
}
