/**
 * Decodes the chunked coding (RFC 9112 section 7.1). In a response, lines may end in LF alone, and a blank may follow a
 * size. A request is read strictly.
 */
import { MessageError, malformed } from './message-error.ts';

const LF = 10;
// Maximum by which all chunk extensions of a body may exceed its content, in bytes. They have no other limit.
const MAX_EXTENSIONS = 16 * 1024;
// More digits would exceed the exact integers.
const SIZE_LINE = /^([0-9a-f]{1,16})([ \t]*(?:;.*)?)$/i;
const STRICT_SIZE_LINE = /^([0-9a-f]{1,16})((?:;[\t\x20-\x7e\x80-\xff]*)?)\r$/i;
const TOO_MANY_DIGITS = /^[0-9a-f]{17}/i;

/** The kind of the next line. */
type Expected = 'size' | 'end of chunk' | 'trailer';

export class ChunkReader {
  readonly isUntilClose = false;
  readonly #maxTrailer: number;
  readonly #isStrict: boolean;
  /** Remaining bytes of the current chunk. */
  #left = 0;
  #expected: Expected = 'size';
  #line = '';
  #content = 0;
  #extensions = 0;
  #trailer = 0;

  constructor(maxTrailer: number, isStrict = false) {
    this.#maxTrailer = maxTrailer;
    this.#isStrict = isStrict;
  }

  read(bytes: Buffer, onData: (part: Buffer) => void): number {
    let position = 0;
    while (position < bytes.length) {
      if (this.#left > 0) {
        const part = bytes.subarray(position, position + this.#left);
        position += part.length;
        this.#left -= part.length;
        this.#content += part.length;
        onData(part);
        continue;
      }
      const lineEnd = bytes.indexOf(LF, position);
      const end = lineEnd < 0 ? bytes.length : lineEnd;
      this.#append(bytes.toString('latin1', position, end));
      if (lineEnd < 0) return -1;
      position = lineEnd + 1;
      if (this.#takeLine()) return position;
    }
    return -1;
  }

  #append(text: string): void {
    this.#line += text;
    const { length } = this.#line;
    if (this.#expected === 'size') this.#limitExtensions(length);
    else if (this.#expected === 'trailer') this.#limitTrailer(length);
    else if (!'\r'.startsWith(this.#line)) throw malformed('a chunk is longer than its size');
  }

  /** Returns true at the end of the body. */
  #takeLine(): boolean {
    const whole = this.#line;
    const line = whole.endsWith('\r') ? whole.slice(0, -1) : whole;
    this.#line = '';
    if (this.#isStrict && !isStrictLine(whole, this.#expected)) throw malformed('a line between chunks is invalid');
    if (line.includes('\r')) throw malformed('a CR without LF between chunks');
    if (this.#expected === 'trailer') {
      this.#trailer += line.length;
      return line === '';
    }
    if (this.#expected === 'size') this.#beginChunk(line);
    else this.#expected = 'size';
    return false;
  }

  #beginChunk(line: string): void {
    const [, digits, extension = ''] = SIZE_LINE.exec(line) ?? [];
    const size = digits === undefined ? Number.NaN : Number.parseInt(digits, 16);
    if (TOO_MANY_DIGITS.test(line) || size > Number.MAX_SAFE_INTEGER) {
      throw new MessageError('chunk-line-too-large', 'the size of a chunk is too large');
    }
    if (digits === undefined) throw malformed('the size of a chunk is not a number');
    this.#extensions += extension.length;
    this.#left = size;
    this.#expected = size === 0 ? 'trailer' : 'end of chunk';
  }

  #limitExtensions(lineLength: number): void {
    if (this.#extensions + lineLength <= MAX_EXTENSIONS + this.#content) return;
    throw new MessageError('chunk-line-too-large', 'the lines before the chunks, with their extensions, are too large');
  }

  #limitTrailer(lineLength: number): void {
    if (this.#trailer + lineLength <= this.#maxTrailer) return;
    throw new MessageError('head-too-large', `the trailer is larger than ${this.#maxTrailer} bytes`);
  }
}

function isStrictLine(line: string, expected: Expected): boolean {
  return expected === 'size' ? STRICT_SIZE_LINE.test(line) || TOO_MANY_DIGITS.test(line) : line.endsWith('\r');
}
