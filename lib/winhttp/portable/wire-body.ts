/** Turns the body of `send` into bytes, and sets the headers that say what it is. */
import type { RequestBody } from '../request-object.ts';
import type { RequestHeaders } from './headers.ts';

const ASCII = /^[\0-\x7f]*$/;
const HAS_CHARSET = /;\s*charset\s*=/i;

/**
 * The bytes, `undefined` if there are none. A text with characters beyond ASCII is sent as UTF-8, and the Content-Type
 * says so, unless it names a charset already. Source: RQ statements on Send; spelling as seen on Windows.
 */
export function encodeBody(body: RequestBody, headers: RequestHeaders): Buffer | undefined {
  if (body === undefined || body === null || body.length === 0) return undefined;
  if (typeof body !== 'string') return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (!ASCII.test(body)) {
    const type = headers.get('content-type') ?? 'text/plain';
    if (!HAS_CHARSET.test(type)) headers.set('Content-Type', `${type}; Charset=UTF-8`);
  }
  return Buffer.from(body);
}

/** With GET nothing is sent. The comparison knows no case: `get` is another method. */
export const dropsBody = (method: string): boolean => method === 'GET';

/** A packet, as far as the limits and the progress of sending are concerned. */
export const PART = 64 * 1024;

/** Whether a body goes out in parts, with each of which the limit for sending begins anew. */
export const isLarge = (body: Buffer): boolean => body.length > PART;
