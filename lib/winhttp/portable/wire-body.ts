/** Encodes the body of `send`, and sets its headers. */
import type { RequestBody } from '../request-object.ts';
import type { RequestHeaders } from './headers.ts';

const ASCII = /^[\0-\x7f]*$/;
const HAS_CHARSET = /;\s*charset\s*=/i;

/**
 * Returns the bytes, `undefined` without a body. Text beyond ASCII is sent as UTF-8 with a charset in the Content-Type,
 * unless that has one. Source: RQ statements on Send; spelling as seen on Windows.
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

/** GET has no body. Methods are case-sensitive: `get` is another method. */
export const dropsBody = (method: string): boolean => method === 'GET';

/** The size of a packet, for time-outs and the progress of sending. */
export const PART = 64 * 1024;

/** Returns whether a body is sent in parts, each of which restarts the send time-out. */
export const isLarge = (body: Buffer): boolean => body.length > PART;
