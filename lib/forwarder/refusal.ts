/** Answers of the forwarder's own, to requests that it does not forward. */
import { STATUS_CODES } from 'node:http';

/** A request that is not forwarded: the status, and a text that says why and what to do. */
export class Refusal extends Error {
  readonly status: number;
  /** Further lines of the answer's head. */
  readonly fields: readonly string[];

  constructor(status: number, message: string, fields: readonly string[] = [], cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.status = status;
    this.fields = fields;
  }
}

/** Creates the most frequent refusal. */
export const badRequest = (message: string): Refusal => new Refusal(400, message);

/** Returns the bytes of the answer. `isHead`: the answer to a HEAD request, which has no body. */
export function refusalText(
  { status, message, fields }: Refusal,
  { isHead = false, isKept = false }: { isHead?: boolean; isKept?: boolean } = {},
): string {
  const body = `${message}\n`;
  const head = [
    statusLine(status, STATUS_CODES[status] ?? ''),
    ...fields,
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    `Connection: ${isKept ? 'keep-alive' : 'close'}`,
  ];
  return `${head.join('\r\n')}\r\n\r\n${isHead ? '' : body}`;
}

export const statusLine = (status: number, text: string): string => `HTTP/1.1 ${status} ${text}`;
