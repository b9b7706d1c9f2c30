/** Reads the body of a response: where it ends, and what of the bytes is its content (RFC 9112 sections 6 and 7). */
import { ChunkReader } from './chunk-reader.ts';
import { malformed } from './message-error.ts';
import type { ResponseHead } from './response-head.ts';

export interface BodyReader {
  /** The end of the connection is the end of the body. */
  readonly isUntilClose: boolean;
  /**
   * Hands on the content of the next bytes.
   *
   * @returns where the body ends in them; negative if it goes on.
   * @throws {MessageError} if a chunk cannot be read.
   */
  read(bytes: Buffer, onData: (part: Buffer) => void): number;
}

// RFC 9110 sections 15.3.5 and 15.4.5.
const WITHOUT_BODY = new Set([204, 304]);

/**
 * The reader for the body of a response. `maxTrailer` is in bytes.
 *
 * @throws {MessageError} if the head tells no length that all readers would understand alike.
 */
export function bodyReaderFor(head: ResponseHead, isHead: boolean, maxTrailer: number): BodyReader {
  const length = contentLength(head);
  const codings = head.list('transfer-encoding').filter((coding) => coding !== 'identity');
  if (isHead || WITHOUT_BODY.has(head.status)) return new LengthReader(0);
  if (codings.length === 0) return length === undefined ? UNTIL_CLOSE : new LengthReader(length);
  // RFC 9112 section 6.3: Transfer-Encoding overrides Content-Length; what is not chunked at last ends with the connection.
  return codings.at(-1) === 'chunked' ? new ChunkReader(maxTrailer) : UNTIL_CLOSE;
}

/** The one length that all Content-Length fields tell (RFC 9110 section 8.6: `2, 2` is 2). */
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
 * Whether the connection can serve another request after this response. Where it tells its length twice, by chunks and
 * by Content-Length, another reader may see its end elsewhere: then it cannot (RFC 9112 section 6.1).
 */
export function canStayOpen(head: ResponseHead, body: BodyReader): boolean {
  if (body.isUntilClose) return false;
  if (head.first('transfer-encoding') !== undefined && head.first('content-length') !== undefined) return false;
  const options = [...head.list('connection'), ...head.list('proxy-connection')];
  return !options.includes('close') && (!head.isVersion10 || options.includes('keep-alive'));
}

class LengthReader implements BodyReader {
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
