/** Takes off the chunked coding (RFC 9112 section 7.1). Lines may end in a mere LF, and a blank may follow a size. */
import { MessageError, malformed } from './message-error.ts';

const LF = 10;
// The bytes of all extensions of a body may exceed its content by this many: nothing else would limit them.
const MAX_EXTENSIONS = 16 * 1024;
// More digits, or a larger number than is exact, are no size of anything.
const SIZE_LINE = /^([0-9a-f]{1,16})([ \t]*(?:;.*)?)$/i;
const TOO_MANY_DIGITS = /^[0-9a-f]{17}/i;

/** What the next line is. */
type Expected = 'size' | 'end of chunk' | 'trailer';

export class ChunkReader {
  readonly isUntilClose = false;
  readonly #maxTrailer: number;
  /** Of the present chunk. */
  #left = 0;
  #expected: Expected = 'size';
  #line = '';
  #content = 0;
  #extensions = 0;
  #trailer = 0;

  constructor(maxTrailer: number) {
    this.#maxTrailer = maxTrailer;
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

  /** True at the end of the body. */
  #takeLine(): boolean {
    const line = this.#line.endsWith('\r') ? this.#line.slice(0, -1) : this.#line;
    this.#line = '';
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
    throw new MessageError('chunk-line-too-large', 'the extensions of the chunks are too large');
  }

  #limitTrailer(lineLength: number): void {
    if (this.#trailer + lineLength <= this.#maxTrailer) return;
    throw new MessageError('head-too-large', `the trailer is larger than ${this.#maxTrailer} bytes`);
  }
}
