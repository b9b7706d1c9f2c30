/** Limits of a connection: what can grow or last, defaults and validation. */
import { validateLimits, validateNumber } from '../../options.ts';

/** Limits of one connection. Sizes are bytes, times milliseconds; `Infinity` turns one off. */
export interface ConnectionLimits {
  /** Payload of one received message. Beyond it the connection closes with 1009. Default 100 MiB. */
  readonly messageSize: number;
  /**
   * Parts of one received message: its fragments, and the pieces that the network cut them into; parts that arrive
   * together count as one. Beyond it the connection closes with 1008. Default 131,072.
   */
  readonly messageParts: number;
  /** Received messages that nobody has taken: beyond this size the socket is paused. Default 1 MiB. */
  readonly receiveHighWaterMark: number;
  /** Payload that was passed to `send` and that the system has not accepted; a further `send` rejects. Default 64 MiB. */
  readonly queuedBytes: number;
  /** Sends that have not ended; a further `send` rejects. Default 65,536. */
  readonly queuedSends: number;
  /** Pongs that the system has not accepted: a peer that pings and does not read. Beyond it 1008. Default 1,024. */
  readonly pendingPongs: number;
  /** From the request to the end of the opening handshake. Default 30,000. */
  readonly handshakeTimeout: number;
  /** From sending a close to the end of the transport. Default 10,000. */
  readonly closeTimeout: number;
}

/** The defaults of {@link ConnectionLimits}. */
export const DEFAULT_LIMITS: ConnectionLimits = Object.freeze({
  messageSize: 100 * 1024 * 1024,
  messageParts: 131_072,
  receiveHighWaterMark: 1024 * 1024,
  queuedBytes: 64 * 1024 * 1024,
  queuedSends: 65_536,
  pendingPongs: 1024,
  handshakeTimeout: 30_000,
  closeTimeout: 10_000,
});

/** What stands for a limit of another package. */
const INSTEAD = { maxPayload: 'messageSize', timeout: 'handshakeTimeout' };

/**
 * Returns the defaults with a caller's limits over them.
 *
 * @throws {TypeError} ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE for an unknown limit; {RangeError} ERR_OUT_OF_RANGE
 * for a number below 1 (0 for the receive high-water mark). `Infinity` disables a limit.
 */
export function connectionLimits(given: unknown): ConnectionLimits {
  const validate = (value: unknown, name: string) =>
    validateNumber(value, name, name === 'limits.receiveHighWaterMark' ? 0 : 1);
  return validateLimits(given, DEFAULT_LIMITS, validate, INSTEAD);
}
