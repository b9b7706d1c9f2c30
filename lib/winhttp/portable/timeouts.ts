/** The time-outs of a portable request. */
import { startLimit as startTimeLimit } from '../../time-limit.ts';

/**
 * The four time-outs of SetTimeouts, in milliseconds; 0 disables one. Source: Microsoft, IWinHttpRequest::SetTimeouts.
 */
export interface Timeouts {
  readonly resolve: number;
  readonly connect: number;
  readonly send: number;
  readonly receive: number;
}

export const DEFAULT_TIMEOUTS: Timeouts = { resolve: 0, connect: 60_000, send: 30_000, receive: 30_000 };

/** Calls back after the time, if it is not 0. Does not keep the process alive, because the limited operation does. */
export function startLimit(milliseconds: number, callback: () => void): NodeJS.Timeout | undefined {
  return startTimeLimit(milliseconds > 0 ? milliseconds : Number.POSITIVE_INFINITY, callback);
}
