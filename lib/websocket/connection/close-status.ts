/** Which close status answers an error of the peer. */
import { CloseStatus } from '../../close-codes.ts';
import { WinwireError } from '../../errors.ts';
import { HResult } from '../../hresult.ts';
import { BadTextError } from './connection-errors.ts';

/** How long the other side may take to end the transport (RFC 6455 section 7.1.1), in milliseconds. */
export const LINGER = 1000;

/** A limit that the peer exceeded, and the close status to send. */
export interface LimitViolation {
  readonly status: number;
  readonly reason: string;
}

export const TOO_BIG: LimitViolation = { status: CloseStatus.MESSAGE_TOO_BIG, reason: 'message too big' };
export const TOO_LONG_TEXT: LimitViolation = { status: CloseStatus.MESSAGE_TOO_BIG, reason: 'text too long' };
export const TOO_MANY_PARTS: LimitViolation = { status: CloseStatus.POLICY_VIOLATION, reason: 'too many fragments' };
export const TOO_MANY_PINGS: LimitViolation = { status: CloseStatus.POLICY_VIOLATION, reason: 'too many pings' };

/** Returns the close status for an error while receiving (RFC 6455 section 7.4.1). */
export function closeStatusFor(error: unknown): number {
  if (error instanceof BadTextError) return CloseStatus.INVALID_PAYLOAD;
  const isOfPeer = error instanceof WinwireError && error.hresult !== HResult.E_UNEXPECTED;
  return isOfPeer ? CloseStatus.PROTOCOL_ERROR : CloseStatus.SERVER_ERROR;
}
