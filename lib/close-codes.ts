/** Close codes of WebSocket: their names, which of them can be sent, and the longest reason. */
import { argumentOutOfRange, invalidArgumentType } from './errors.ts';

/** Why a connection ends. Source: Microsoft, WEB_SOCKET_CLOSE_STATUS enumeration (websocket.h); RFC 6455 section 7.4.1. */
export const CloseStatus = {
  SUCCESS: 1000,
  ENDPOINT_UNAVAILABLE: 1001,
  PROTOCOL_ERROR: 1002,
  INVALID_DATA_TYPE: 1003,
  /** Stands for "the close frame had no status"; never on the wire. */
  EMPTY: 1005,
  /** Stands for "the connection ended without a close frame"; never on the wire. */
  ABORTED: 1006,
  INVALID_PAYLOAD: 1007,
  POLICY_VIOLATION: 1008,
  MESSAGE_TOO_BIG: 1009,
  UNSUPPORTED_EXTENSIONS: 1010,
  SERVER_ERROR: 1011,
  /** Stands for a failed TLS handshake; never on the wire. */
  SECURE_HANDSHAKE_ERROR: 1015,
} as const;
export type CloseStatus = (typeof CloseStatus)[keyof typeof CloseStatus];

/**
 * The most bytes that the reason of a close can have: 125 less the two of the status. Source: Microsoft,
 * WEB_SOCKET_BUFFER union (websocket.h).
 */
export const MAX_CLOSE_REASON_LENGTH = 123;

/** How a connection ended. */
export interface CloseInfo {
  /** The peer's close status; 1005 if it gave none, 1006 if the connection ended without a close handshake. */
  readonly code: number;
  readonly reason: string;
  /** Whether both sides sent a close. */
  readonly wasClean: boolean;
}

/** The end of a connection without a close handshake. */
export const LOST: CloseInfo = { code: CloseStatus.ABORTED, reason: '', wasClean: false };

/** The payload of a close frame; without a `status` it is empty. */
interface ClosePayload {
  readonly status: number | undefined;
  readonly reason: Buffer;
}

/**
 * Returns what a close frame of these is to carry.
 *
 * @throws {TypeError | RangeError} for a status that must not be on the wire (RFC 6455 section 7.4) and a reason above
 * 123 bytes.
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

/** Whether a close frame may carry the status (RFC 6455 section 7.4, IANA's registry). */
function isSendable(status: number): boolean {
  if (!Number.isInteger(status)) return false;
  return (status >= 1000 && status <= 1003) || (status >= 1007 && status <= 1014) || (status >= 3000 && status <= 4999);
}

/** Whether the code is one that the WHATWG class may send: 1000, or 3000 to 4999. Source: WebSockets, `close()`. */
export function isApplicationCode(code: number): boolean {
  return code === CloseStatus.SUCCESS || (code >= 3000 && code <= 4999);
}
