/** Everything of a connection that can grow or last, its default, and the check of what a caller sets. */
import { argumentOutOfRange, invalidArgumentType } from '../../errors.ts';
import { rejectUnknown } from '../../known-options.ts';

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

const KNOWN_LIMITS = {
  names: Object.keys(DEFAULT_LIMITS),
  instead: { maxPayload: 'messageSize', timeout: 'handshakeTimeout' },
};

/**
 * The defaults with a caller's own limits over them.
 *
 * @throws {TypeError | RangeError} ERR_INVALID_ARG_TYPE or ERR_INVALID_ARG_VALUE for an unknown limit or what is no
 * number from 1 (0 for the receive high-water mark) to `Infinity`.
 */
export function readLimits(limits: unknown): ConnectionLimits {
  if (limits === undefined || limits === null) return DEFAULT_LIMITS;
  if (typeof limits !== 'object') throw invalidArgumentType('limits', 'an object', limits);
  rejectUnknown(limits, 'limits', KNOWN_LIMITS);
  const result: Record<string, number> = { ...DEFAULT_LIMITS };
  for (const [name, value] of Object.entries(limits)) {
    if (value !== undefined) result[name] = readLimit(value, name);
  }
  return result as unknown as ConnectionLimits;
}

function readLimit(value: unknown, name: string): number {
  if (typeof value !== 'number') throw invalidArgumentType(`limits.${name}`, 'a number', value);
  const least = name === 'receiveHighWaterMark' ? 0 : 1;
  if (!(value >= least)) throw argumentOutOfRange(`limits.${name}`, `a number from ${least} to Infinity`, value);
  return value;
}
