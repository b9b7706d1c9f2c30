/** Which close status answers a fault of the peer. */
import { CloseStatus } from '../../close-codes.ts';
import { WinwireError } from '../../errors.ts';
import { BadTextError } from './connection-errors.ts';

/** How long the end of the transport is left to the other side (RFC 6455 section 7.1.1), in milliseconds. */
export const LINGER = 1000;

/** A limit that the peer went beyond, and the close status that says so to it. */
export interface Refusal {
  readonly status: number;
  readonly reason: string;
}

export const TOO_BIG: Refusal = { status: CloseStatus.MESSAGE_TOO_BIG, reason: 'message too big' };
export const TOO_LONG_TEXT: Refusal = { status: CloseStatus.MESSAGE_TOO_BIG, reason: 'text too long' };
export const TOO_MANY_PARTS: Refusal = { status: CloseStatus.POLICY_VIOLATION, reason: 'too many fragments' };
export const TOO_MANY_PINGS: Refusal = { status: CloseStatus.POLICY_VIOLATION, reason: 'too many pings' };

/** RFC 6455 section 7.4.1, for what went wrong while receiving. */
export function closeStatusFor(error: unknown): number {
  if (error instanceof BadTextError) return CloseStatus.INVALID_PAYLOAD;
  return error instanceof WinwireError ? CloseStatus.PROTOCOL_ERROR : CloseStatus.SERVER_ERROR;
}
