/** Close codes: what a caller may pass, and what a fault leads to. */
import { argumentOutOfRange, invalidArgumentType, WinwireError } from '../errors.ts';
import { BadTextError } from './errors.ts';
import type { CloseInfo } from './types.ts';

/** Stands for a close frame without payload. */
export const NO_STATUS = 1005;
export const INTERNAL_ERROR = 1011;
const PROTOCOL_ERROR = 1002;
const INVALID_PAYLOAD = 1007;

/** The most bytes of a reason (RFC 6455 section 5.5: 125 less the status). */
const MAX_REASON_BYTES = 123;

/** How long a client leaves the end of the transport to the server (RFC 6455 section 7.1.1), in milliseconds. */
export const CLIENT_LINGER = 1000;

/** The end of a connection without a close handshake. */
export const LOST: CloseInfo = { code: 1006, reason: '', wasClean: false };

/** What a close sends; `status` undefined: a frame without payload. */
interface ClosePayload {
  readonly status: number | undefined;
  readonly reason: Buffer;
}

/**
 * Checks a status and a reason.
 *
 * @throws {TypeError | RangeError} for a status that must not be on the wire (RFC 6455 section 7.4) and a reason above
 * 123 bytes.
 */
export function readClose(status: unknown, reason: unknown): ClosePayload {
  if (reason !== undefined && typeof reason !== 'string') throw invalidArgumentType('reason', 'a string', reason);
  const bytes = Buffer.from(reason ?? '', 'utf8');
  if (bytes.length > MAX_REASON_BYTES) {
    throw argumentOutOfRange('reason', `at most ${MAX_REASON_BYTES} bytes of UTF-8`, bytes.length);
  }
  if (status === undefined) {
    return bytes.length === 0 ? { status: undefined, reason: bytes } : { status: 1000, reason: bytes };
  }
  if (typeof status !== 'number') throw invalidArgumentType('code', 'a number', status);
  if (!isSendable(status)) throw argumentOutOfRange('code', '1000 to 1003, 1007 to 1014 or 3000 to 4999', status);
  return { status, reason: bytes };
}

function isSendable(status: number): boolean {
  if (!Number.isInteger(status)) return false;
  return (status >= 1000 && status <= 1003) || (status >= 1007 && status <= 1014) || (status >= 3000 && status <= 4999);
}

/** RFC 6455 section 7.4.1, for what went wrong while receiving. */
export function closeStatusFor(error: unknown): number {
  if (error instanceof BadTextError) return INVALID_PAYLOAD;
  return error instanceof WinwireError ? PROTOCOL_ERROR : INTERNAL_ERROR;
}
