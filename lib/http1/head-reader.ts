/**
 * Reads heads of responses: a server's, a proxy's answer to CONNECT, that of an opening handshake. Lenient where Windows
 * and curl are (RFC 9112 sections 2.2 and 5.2), strict where two readers could understand a head differently.
 */
import { withoutBlanks } from './blanks.ts';
import { MessageError, malformed } from './message-error.ts';
import { ResponseHead } from './response-head.ts';

const LF = 10;
const CR = 13;
const NOTHING = Buffer.alloc(0);
const START = 'HTTP/';
// Source: Microsoft, WinHttpReceiveResponse: interim responses are skipped, up to ten.
const MAX_INTERIM = 10;
const SWITCHING_PROTOCOLS = 101;

// Any minor version: a higher one is read as HTTP/1.1 (RFC 9110 section 2.5).
const STATUS_LINE = /^HTTP\/1\.(\d{1,3})[ \t]+([1-9]\d\d)(?:[ \t]+(.*))?$/;
// A name may have odd characters, but no control character, and no blank that the colon follows (RFC 9112 section 5.1).
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it refuses.
const NAME = /^[^\0-\x20\x7f:](?:[^\0-\x1f\x7f:]*[^\0-\x20\x7f:])?$/;
// A CR alone ends a line for some readers, and a NUL ends a text.
const AMBIGUOUS = /\0|\r(?!\n)/;

/** Reads the head of one response, in whatever pieces it comes. Skips empty lines and interim responses before it. */
export class HeadReader {
  /** What came behind the head, once `read` has returned it. */
  rest: Buffer = NOTHING;
  readonly #maxSize: number;
  #pieces: Buffer[] = [];
  #size = 0;
  /** The first characters, without the empty lines before them. */
  #start = '';
  /** Of the line that has not ended: its length and its first byte. */
  #lineLength = 0;
  #lineStart = 0;
  #hasLine = false;
  #interim = 0;

  constructor(maxSize: number) {
    this.#maxSize = maxSize;
  }

  /**
   * Takes the next bytes.
   *
   * @returns the head once it is complete.
   * @throws {MessageError} if it is no head, or larger than the limit.
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

  /** What is not HTTP is refused with its first bytes: its sender may wait for more from us. */
  #checkStart(bytes: Buffer): void {
    for (let index = 0; index < bytes.length && this.#start.length < START.length; index++) {
      const byte = bytes[index] as number;
      if (this.#start !== '' || (byte !== CR && byte !== LF)) this.#start += String.fromCharCode(byte);
    }
    if (!START.startsWith(this.#start)) throw malformed('the answer does not begin with HTTP/');
  }

  /** Where the empty line behind the head ends; negative if it is not there. */
  #findEnd(bytes: Buffer): number {
    let start = 0;
    for (let end = bytes.indexOf(LF); end >= 0; end = bytes.indexOf(LF, start)) {
      const length = this.#lineLength + end - start;
      const first = this.#lineLength > 0 ? this.#lineStart : bytes[start];
      const isEmpty = length === 0 || (length === 1 && first === CR);
      this.#lineLength = 0;
      start = end + 1;
      if (isEmpty && this.#hasLine) return start;
      this.#hasLine ||= !isEmpty;
    }
    if (this.#lineLength === 0) this.#lineStart = bytes[start] ?? 0;
    this.#lineLength += bytes.length - start;
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
  if (AMBIGUOUS.test(text)) throw malformed('the head has a NUL, or a CR without LF');
  const lines = text.split(/\r?\n/).filter((line) => line !== '');
  const [statusLine = '', ...fields] = lines;
  const [, minor, status, phrase = ''] = STATUS_LINE.exec(statusLine) ?? [];
  if (status === undefined) throw malformed('the status line is not one of HTTP/1');
  return new ResponseHead(Number(status), phrase, parseFields(fields), Number(minor) === 0);
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
    raw.push(name, withoutBlanks(line.slice(colon + 1)));
  }
  return raw;
}
