/**
 * Between a socket and node:http, until the head of the answer to an upgrade request is complete: it is read as every
 * response is, and handed on in the one spelling that node:http reads too.
 */
import type { Duplex } from 'node:stream';
import { bodyReaderFor } from '../../http1/body-reader.ts';
import { HeadReader } from '../../http1/head-reader.ts';
import type { ResponseHead } from '../../http1/response-head.ts';

/** Bytes that the head of an answer may have. */
const MAX_HEAD = 64 * 1024;
/** What node:http has to be told, so that it takes each head that was read. */
export const ANSWER_OPTIONS = { maxHeaderSize: 2 * MAX_HEAD, insecureHTTPParser: true } as const;

type Push = (chunk: unknown, encoding?: BufferEncoding) => boolean;

/** Reads the next head that comes on a socket. `onFault` is called with a MessageError if it cannot be read. */
export function readAnswer(socket: Duplex, onFault: (error: Error) => void): void {
  const reader = new HeadReader(MAX_HEAD);
  const { push } = socket;
  const pushOn = push.bind(socket) as Push;
  const take: Push = (chunk, encoding) => {
    // The end within a head is an error of node:http.
    if (chunk === null) return pushOn(null);
    const head = reader.read(Buffer.from(chunk as string, encoding));
    if (!head) return true;
    socket.push = push;
    bodyReaderFor(head, false, MAX_HEAD);
    return pushOn(Buffer.concat([Buffer.from(spelling(head), 'latin1'), reader.rest]));
  };
  socket.push = ((chunk, encoding) => {
    try {
      return take(chunk, encoding);
    } catch (error) {
      socket.push = push;
      onFault(error as Error);
      return false;
    }
  }) as Push;
}

/** The fields that frame a body are told once: the answer is closed after its head in any case. */
function spelling(head: ResponseHead): string {
  const { status, statusText, raw } = head;
  const isChunked = head.first('transfer-encoding') !== undefined;
  let [text, hasLength] = [`HTTP/1.1 ${status} ${statusText}\r\n`, isChunked];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const isLength = raw[index]?.toLowerCase() === 'content-length';
    if (isLength && hasLength) continue;
    text += `${raw[index]}: ${isLength ? head.length : raw[index + 1]}\r\n`;
    hasLength ||= isLength;
  }
  return `${text}\r\n`;
}
