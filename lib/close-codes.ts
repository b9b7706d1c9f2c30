/** WebSocket close codes: names, which ones can be sent, and the longest reason. */
import { argumentOutOfRange, invalidArgumentType } from './errors.ts';

/** Why a connection ends. Source: Microsoft, WEB_SOCKET_CLOSE_STATUS enumeration (websocket.h); RFC 6455 section 7.4.1. */
export const CloseStatus = {
  /** The purpose of the connection is fulfilled. */
  SUCCESS: 1000,
  /** The server shuts down, or the page is left. */
  ENDPOINT_UNAVAILABLE: 1001,
  /** The peer violated the protocol. */
  PROTOCOL_ERROR: 1002,
  /** The endpoint does not accept this kind of message, such as binary. */
  INVALID_DATA_TYPE: 1003,
  /** The close frame had no status; never sent. */
  EMPTY: 1005,
  /** The connection ended without a close frame; never sent. */
  ABORTED: 1006,
  /** A message is invalid for its type: text that is not UTF-8. */
  INVALID_PAYLOAD: 1007,
  /** A message violates a policy of the endpoint. */
  POLICY_VIOLATION: 1008,
  /** A message is too large. */
  MESSAGE_TOO_BIG: 1009,
  /** The server did not negotiate an extension that the client requires. */
  UNSUPPORTED_EXTENSIONS: 1010,
  /** An unexpected condition prevents the endpoint from continuing. */
  SERVER_ERROR: 1011,
  /** The TLS handshake failed; never sent. */
  SECURE_HANDSHAKE_ERROR: 1015,
} as const;
export type CloseStatus = (typeof CloseStatus)[keyof typeof CloseStatus];

/**
 * The maximum size of a close reason in bytes: 125 less the two of the status. Source: Microsoft, WEB_SOCKET_BUFFER
 * union (websocket.h).
 */
export const MAX_CLOSE_REASON_LENGTH = 123;

/** Describes how a connection ended. */
export interface CloseInfo {
  /** The peer's close status; 1005 if it had none, 1006 if there was no close handshake. */
  readonly code: number;
  /** The peer's reason, or the empty string. */
  readonly reason: string;
  /** Whether both sides sent a close. */
  readonly wasClean: boolean;
}

/** The end of a connection without a close handshake. */
export const LOST: CloseInfo = { code: CloseStatus.ABORTED, reason: '', wasClean: false };

/** The payload of a close frame; empty without a `status`. */
interface ClosePayload {
  readonly status: number | undefined;
  readonly reason: Buffer;
}

/**
 * Returns the payload of a close frame.
 *
 * @throws {TypeError | RangeError} for a status that cannot be sent (RFC 6455 section 7.4) and a reason above 123
 *   bytes.
 */
export function validateClose(status: unknown, reason: unknown): ClosePayload {
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

/** Whether a close frame may contain the status (RFC 6455 section 7.4, IANA's registry). */
function isSendable(status: number): boolean {
  if (!Number.isInteger(status)) return false;
  return (status >= 1000 && status <= 1003) || (status >= 1007 && status <= 1014) || (status >= 3000 && status <= 4999);
}

/** Returns whether the WHATWG class may send the code: 1000, or 3000 to 4999. Source: WebSockets, `close()`. */
export function isApplicationCode(code: number): boolean {
  return code === CloseStatus.SUCCESS || (code >= 3000 && code <= 4999);
}
