/**
 * Parses the heads of requests. Strict: where a lenient reader and the next one could disagree about a request, one of
 * them could be made to see a second request in it (RFC 9112 section 11.2).
 */
import { withoutBlanks } from '../http1/blanks.ts';
import { MessageHead } from '../http1/message-head.ts';
import { isToken } from '../token.ts';
import { badRequest, Refusal } from './refusal.ts';

/** The head of a request. */
export class RequestHead extends MessageHead {
  readonly method: string;
  /** As it stands in the request line. */
  readonly target: string;
  readonly isVersion10: boolean;

  constructor(method: string, target: string, raw: readonly string[], isVersion10: boolean) {
    super(raw);
    this.method = method;
    this.target = target;
    this.isVersion10 = isVersion10;
  }
}

const NOTHING = Buffer.alloc(0);
const END = '\r\n\r\n';
// The first byte of a TLS record with a handshake (RFC 8446 section 5.1).
const TLS_HANDSHAKE = 22;
// RFC 9112 section 2.2: a line ends with CR LF, and a CR stands nowhere else.
const BAD_LINE_END = /[^\r]\n|\r[^\n]|\0/;
const REQUEST_LINE = /^([^ ]+) ([^ ]+) (HTTP\/\d\.\d)$/;
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
const TARGET = /^[\x21-\x7e]+$/;

/** Parses the head of one request from any number of pieces. */
export class RequestReader {
  /** The bytes that follow the head, after `read` has returned it. */
  rest: Buffer = NOTHING;
  readonly #maxSize: number;
  #pieces: Buffer[] = [];
  #size = 0;
  /** The last characters before the next piece. */
  #tail = '';

  constructor(maxSize: number) {
    this.#maxSize = maxSize;
  }

  /** Whether a part of a head has arrived. */
  get hasBegun(): boolean {
    return this.#size > 0;
  }

  /**
   * Processes the next bytes.
   *
   * @returns the head when it is complete.
   * @throws {Refusal} if the head is invalid, or larger than the limit.
   */
  read(bytes: Buffer): RequestHead | undefined {
    let unread = bytes;
    while (unread.length > 0) {
      if (this.#size === 0) checkFirstByte(unread);
      const text = this.#tail + unread.toString('latin1');
      const at = text.indexOf(END);
      const end = at < 0 ? -1 : at + END.length - this.#tail.length;
      const part = at < 0 ? text : text.slice(0, at);
      if (BAD_LINE_END.test(part) || (this.#size === 0 && part.startsWith('\n'))) {
        throw badRequest('The head of the request has a line that does not end with CR LF, or a NUL.');
      }
      this.#keep(end < 0 ? unread : unread.subarray(0, end));
      if (end < 0) {
        this.#tail = text.slice(1 - END.length);
        return undefined;
      }
      unread = unread.subarray(end);
      const head = parseHead(this.#takeText());
      if (head) {
        this.rest = unread;
        return head;
      }
    }
    return undefined;
  }

  #keep(bytes: Buffer): void {
    this.#size += bytes.length;
    if (this.#size > this.#maxSize) {
      throw new Refusal(431, `The head of the request is larger than ${this.#maxSize} bytes.`);
    }
    this.#pieces.push(bytes);
  }

  #takeText(): string {
    const bytes = Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#size = 0;
    this.#tail = '';
    return bytes.toString('latin1');
  }
}

/** Answers at once to a sender that waits for us. */
function checkFirstByte(bytes: Buffer): void {
  if (bytes[0] !== TLS_HANDSHAKE) return;
  throw badRequest('This proxy is spoken to by http:, not by https:. https: URLs go through it by CONNECT.');
}

/** Returns undefined for empty lines, which some clients send after a request (RFC 9112 section 2.2). */
function parseHead(text: string): RequestHead | undefined {
  const lines = text.replace(/^(?:\r\n)+/, '').split('\r\n');
  const [requestLine = '', ...fields] = lines.filter((line) => line !== '');
  if (requestLine === '') return undefined;
  const [, method = '', target = '', version] = REQUEST_LINE.exec(requestLine) ?? [];
  if (!isToken(method) || !TARGET.test(target)) throw badRequest('The first line is not a request of HTTP/1.1.');
  if (version !== 'HTTP/1.1' && version !== 'HTTP/1.0') throw new Refusal(505, `The proxy serves HTTP/1.1 only.`);
  return new RequestHead(method, target, parseFields(fields), version === 'HTTP/1.0');
}

function parseFields(lines: readonly string[]): string[] {
  const raw: string[] = [];
  for (const line of lines) {
    if (/^[ \t]/.test(line)) throw badRequest('A field is continued on a further line (obs-fold).');
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(0, colon));
    const value = line.slice(colon + 1);
    if (!isToken(name)) throw badRequest('A field has no valid name, or a blank before its colon.');
    if (!VALUE.test(value)) throw badRequest(`The field ${name} has a control character.`);
    raw.push(name, withoutBlanks(value));
  }
  return raw;
}
