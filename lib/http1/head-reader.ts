/**
 * Parses response heads: of servers, of proxies that answer CONNECT, of opening handshakes. Lenient where Windows and
 * curl are (RFC 9112 sections 2.2 and 5.2), strict where two readers could disagree about a head.
 */
import { withoutBlanks } from './blanks.ts';
import { describeForeignStart } from './foreign-start.ts';
import { MessageError, malformed } from './message-error.ts';
import { ResponseHead } from './response-head.ts';

const LF = 10;
const CR = 13;
const NOTHING = Buffer.alloc(0);
const START = 'HTTP/';
// Source: Microsoft, WinHttpReceiveResponse: interim responses are skipped, up to ten.
const MAX_INTERIM = 10;
const SWITCHING_PROTOCOLS = 101;

// Any minor version: a higher one is treated as HTTP/1.1 (RFC 9110 section 2.5).
const STATUS_LINE = /^HTTP\/1\.(\d{1,3})[ \t]+([1-9]\d\d)(?:[ \t]+(.*))?$/;
// Allows unusual characters in a name, but no control characters, and no blank before the colon (RFC 9112 section 5.1).
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it refuses.
const NAME = /^[^\0-\x20\x7f:](?:[^\0-\x1f\x7f:]*[^\0-\x20\x7f:])?$/;

/** Parses the head of one response from any number of pieces. Skips empty lines and interim responses before it. */
export class HeadReader {
  /** The bytes that follow the head, after `read` has returned it. */
  rest: Buffer = NOTHING;
  readonly #maxSize: number;
  #pieces: Buffer[] = [];
  #size = 0;
  /** The first characters, without leading empty lines. */
  #start = '';
  /** Length and first byte of the incomplete line. */
  #lineLength = 0;
  #lineStart = 0;
  #hasLine = false;
  #interim = 0;

  constructor(maxSize: number) {
    this.#maxSize = maxSize;
  }

  /**
   * Processes the next bytes.
   *
   * @returns the head when it is complete.
   * @throws {MessageError} if the head is invalid, or larger than the limit.
   */
  read(bytes: Buffer): ResponseHead | undefined {
    let unread = bytes;
    for (;;) {
      this.#checkStart(unread);
      const end = this.#findEnd(unread);
      this.#keep(end < 0 ? unread : unread.subarray(0, end));
      if (end < 0) return undefined;
      unread = unread.subarray(end);
      const head = parseHead(this.#takeText());
      if (head.status >= 200 || head.status === SWITCHING_PROTOCOLS) {
        this.rest = unread;
        return head;
      }
      if (++this.#interim > MAX_INTERIM) throw malformed(`more than ${MAX_INTERIM} interim responses`);
    }
  }

  /** Rejects anything but HTTP with its first bytes: its sender may wait for more of ours. */
  #checkStart(bytes: Buffer): void {
    for (let index = 0; index < bytes.length && this.#start.length < START.length; index++) {
      const byte = bytes[index] as number;
      if (this.#start !== '' || (byte !== CR && byte !== LF)) this.#start += String.fromCharCode(byte);
    }
    if (!START.startsWith(this.#start)) throw malformed(describeForeignStart(Buffer.concat([...this.#pieces, bytes])));
  }

  /** Returns the end of the empty line after the head; negative if it has not arrived. */
  #findEnd(bytes: Buffer): number {
    let [length, first] = [this.#lineLength, this.#lineStart];
    for (let index = 0; index < bytes.length; index++) {
      const byte = bytes[index] as number;
      if (byte !== LF) {
        if (length === 0) first = byte;
        length++;
        continue;
      }
      const isEmpty = length === 0 || (length === 1 && first === CR);
      length = 0;
      if (isEmpty && this.#hasLine) {
        this.#lineLength = 0;
        return index + 1;
      }
      this.#hasLine ||= !isEmpty;
    }
    [this.#lineLength, this.#lineStart] = [length, first];
    return -1;
  }

  #keep(bytes: Buffer): void {
    this.#size += bytes.length;
    if (this.#size > this.#maxSize) {
      throw new MessageError('head-too-large', `the head is larger than ${this.#maxSize} bytes`);
    }
    this.#pieces.push(bytes);
  }

  #takeText(): string {
    const [first = NOTHING] = this.#pieces;
    const bytes = this.#pieces.length > 1 ? Buffer.concat(this.#pieces) : first;
    this.#pieces = [];
    this.#size = 0;
    this.#start = '';
    this.#hasLine = false;
    return bytes.toString('latin1');
  }
}

function parseHead(text: string): ResponseHead {
  const lines = linesOf(text);
  const statusLine = lines.shift() ?? '';
  const [, minor, status, phrase = ''] = STATUS_LINE.exec(statusLine) ?? [];
  if (status === undefined) throw malformed('the status line is not one of HTTP/1');
  return new ResponseHead(Number(status), phrase, parseFields(lines), Number(minor) === 0);
}

/** Returns the lines that are not empty. Some readers end a line at CR alone, and a text at NUL. */
function linesOf(text: string): string[] {
  const lines: string[] = [];
  for (const part of text.split('\n')) {
    const line = part.endsWith('\r') ? part.slice(0, -1) : part;
    if (line.includes('\r') || line.includes('\0')) throw malformed('the head has a NUL, or a CR without LF');
    if (line !== '') lines.push(line);
  }
  return lines;
}

function parseFields(lines: readonly string[]): string[] {
  const raw: string[] = [];
  for (const line of lines) {
    if (line.startsWith(' ') || line.startsWith('\t')) {
      // RFC 9112 section 5.2: a fold becomes a blank.
      if (raw.length === 0) throw malformed('a blank before the first field');
      raw.push(withoutBlanks(`${raw.pop()} ${withoutBlanks(line)}`));
      continue;
    }
    const colon = line.indexOf(':');
    const name = line.slice(0, colon);
    if (colon < 0 || !NAME.test(name)) throw malformed('a field has no name, or a blank before its colon');
    raw.push(name, withoutBlanks(line, colon + 1));
  }
  return raw;
}
