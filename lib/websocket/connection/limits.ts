/** Limits of a connection: defaults and validation. */
import { validateLimits, validateNumber } from '../../options.ts';

/** Limits of one connection. Sizes are bytes, times milliseconds; `Infinity` disables a limit. */
export interface ConnectionLimits {
  /** Maximum payload of a received message; a longer one closes the connection with 1009. Default 100 MiB. */
  readonly messageSize: number;
  /** Maximum number of frames of a received message; more close the connection with 1008. Default 131,072. */
  readonly messageParts: number;
  /** Size of queued received messages at which the socket is paused. Default 1 MiB. */
  readonly receiveHighWaterMark: number;
  /** Maximum payload passed to `send` that the system has not accepted; a further `send` rejects. Default 64 MiB. */
  readonly queuedBytes: number;
  /** Maximum number of pending sends; a further `send` rejects. Default 65,536. */
  readonly queuedSends: number;
  /**
   * Maximum number of pongs that the system has not accepted, because the peer sends pings and does not read; more
   * close the connection with 1008. Default 1,024.
   */
  readonly pendingPongs: number;
  /** Time limit of the opening handshake. Default 30,000. */
  readonly handshakeTimeout: number;
  /** Time limit from sending a close to the end of the transport. Default 10,000. */
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

/** The names that other packages use. */
const INSTEAD = { maxPayload: 'messageSize', timeout: 'handshakeTimeout' };

/**
 * Returns the defaults, overridden by the caller's limits.
 *
 * @throws {TypeError} ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE for an unknown limit; {RangeError} ERR_OUT_OF_RANGE
 *   for a number below 1 (0 for the receive high-water mark).
 */
export function connectionLimits(given: unknown): ConnectionLimits {
  const validate = (value: unknown, name: string) =>
    validateNumber(value, name, name === 'limits.receiveHighWaterMark' ? 0 : 1);
  return validateLimits(given, DEFAULT_LIMITS, validate, INSTEAD);
}
