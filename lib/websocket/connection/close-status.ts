/** Close codes: what a caller may pass, and what a fault leads to. */
import { argumentOutOfRange, invalidArgumentType, WinwireError } from '../../errors.ts';
import { CloseStatus, MAX_CLOSE_REASON_LENGTH } from '../functions/websocket-types.ts';
import { BadTextError } from './connection-errors.ts';
import type { CloseInfo } from './connection-types.ts';

/** How long the end of the transport is left to the other side (RFC 6455 section 7.1.1), in milliseconds. */
export const LINGER = 1000;

/** The end of a connection without a close handshake. */
export const LOST: CloseInfo = { code: CloseStatus.ABORTED, reason: '', wasClean: false };

/** A limit that the peer went beyond, and the close status that says so to it. */
export interface Refusal {
  readonly status: number;
  readonly reason: string;
}

export const TOO_BIG: Refusal = { status: CloseStatus.MESSAGE_TOO_BIG, reason: 'message too big' };
export const TOO_MANY_PARTS: Refusal = { status: CloseStatus.POLICY_VIOLATION, reason: 'too many fragments' };
export const TOO_MANY_PINGS: Refusal = { status: CloseStatus.POLICY_VIOLATION, reason: 'too many pings' };

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
  if (bytes.length > MAX_CLOSE_REASON_LENGTH) {
    throw argumentOutOfRange('reason', `at most ${MAX_CLOSE_REASON_LENGTH} bytes of UTF-8`, bytes.length);
  }
  if (status === undefined) {
    return bytes.length === 0 ? { status: undefined, reason: bytes } : { status: CloseStatus.SUCCESS, reason: bytes };
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
  if (error instanceof BadTextError) return CloseStatus.INVALID_PAYLOAD;
  return error instanceof WinwireError ? CloseStatus.PROTOCOL_ERROR : CloseStatus.SERVER_ERROR;
}
