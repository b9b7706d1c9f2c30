/** Parses the body of a response: its end and its content (RFC 9112 sections 6 and 7). */
import { ChunkReader } from './chunk-reader.ts';
import { malformed } from './message-error.ts';
import type { ResponseHead } from './response-head.ts';

export interface BodyReader {
  /** The body ends with the connection. */
  readonly isUntilClose: boolean;
  /**
   * Passes the content of the next bytes to `onData`.
   *
   * @returns the end of the body in them; negative if it continues.
   * @throws {MessageError} for an invalid chunk.
   */
  read(bytes: Buffer, onData: (part: Buffer) => void): number;
}

// RFC 9110 sections 15.3.5 and 15.4.5.
const WITHOUT_BODY = new Set([204, 304]);

/**
 * Returns the reader for the body of a response. `maxTrailer` is in bytes.
 *
 * @throws {MessageError} if readers could disagree about the length.
 */
export function bodyReaderFor(head: ResponseHead, isHead: boolean, maxTrailer: number): BodyReader {
  const length = contentLength(head);
  const codings = head.list('transfer-encoding').filter((coding) => coding !== 'identity');
  if (isHead || WITHOUT_BODY.has(head.status)) return new LengthReader(0);
  if (codings.length === 0) return length === undefined ? UNTIL_CLOSE : new LengthReader(length);
  // RFC 9112 section 6.3: Transfer-Encoding overrides Content-Length; a body whose last coding is not chunked ends with
  // the connection.
  return codings.at(-1) === 'chunked' ? new ChunkReader(maxTrailer) : UNTIL_CLOSE;
}

/** Returns the length on which all Content-Length fields agree (RFC 9110 section 8.6: `2, 2` is 2). */
function contentLength(head: ResponseHead): number | undefined {
  const fields = head.all('content-length');
  if (fields.length === 0) return undefined;
  const lengths = new Set(head.list('content-length').map((text) => (/^\d+$/.test(text) ? Number(text) : Number.NaN)));
  const [length] = lengths;
  if (length === undefined || !Number.isSafeInteger(length)) throw malformed('Content-Length is not a number');
  if (lengths.size > 1) throw malformed('the Content-Length fields disagree');
  return length;
}

/**
 * Returns whether the connection can be reused after this response. It cannot if the response has both chunks and
 * Content-Length, because another reader may see a different end (RFC 9112 section 6.1).
 */
export function canStayOpen(head: ResponseHead, body: BodyReader): boolean {
  if (body.isUntilClose) return false;
  if (head.first('transfer-encoding') !== undefined && head.first('content-length') !== undefined) return false;
  return isPersistent(head);
}

/** Returns whether the sender of this head leaves the connection open (RFC 9112 section 9.3). */
export function isPersistent(head: ResponseHead): boolean {
  const options = [...head.list('connection'), ...head.list('proxy-connection')];
  if (options.includes('close')) return false;
  return !head.isVersion10 || options.includes('keep-alive') || expectsAnswer(head);
}

/** A token is answered on its connection, so a peer of HTTP/1.0 that sends one keeps it, even if it does not say so. */
const expectsAnswer = (head: ResponseHead): boolean =>
  (head.status === 401 || head.status === 407) &&
  [...head.all('www-authenticate'), ...head.all('proxy-authenticate')].some((value) => TOKEN.test(value));

const TOKEN = /^[\t ]*(?:negotiate|ntlm)[\t ]+[A-Za-z0-9+/]/i;

/** Reads a body of known length. */
export class LengthReader implements BodyReader {
  readonly isUntilClose = false;
  #left: number;

  constructor(length: number) {
    this.#left = length;
  }

  read(bytes: Buffer, onData: (part: Buffer) => void): number {
    const part = bytes.length > this.#left ? bytes.subarray(0, this.#left) : bytes;
    this.#left -= part.length;
    if (part.length > 0) onData(part);
    return this.#left === 0 ? part.length : -1;
  }
}

const UNTIL_CLOSE: BodyReader = {
  isUntilClose: true,
  read(bytes, onData) {
    if (bytes.length > 0) onData(bytes);
    return -1;
  },
};
