/**
 * Parses the response to an upgrade request between socket and node:http: as leniently as every response, then passed
 * on in a spelling that node:http accepts.
 */
import type { Duplex } from 'node:stream';
import { bodyReaderFor } from '../../http1/body-reader.ts';
import { HeadReader } from '../../http1/head-reader.ts';
import type { ResponseHead } from '../../http1/response-head.ts';

/** Maximum size of a response head in bytes. */
const MAX_HEAD = 64 * 1024;
/** Options that make node:http accept each parsed head. */
export const ANSWER_OPTIONS = { maxHeaderSize: 2 * MAX_HEAD, insecureHTTPParser: true } as const;

type Push = (chunk: unknown, encoding?: BufferEncoding) => boolean;

/** Parses the next response head of a socket. `onFault` gets a MessageError if it is invalid. */
export function readAnswer(socket: Duplex, onFault: (error: Error) => void): void {
  const reader = new HeadReader(MAX_HEAD);
  const { push } = socket;
  const pushOn = push.bind(socket) as Push;
  const take: Push = (chunk, encoding) => {
    // node:http reports an end within the head.
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

/** Omits the fields that frame a body: the socket is closed after a rejected response. */
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
