/** The time-outs of a request of the portable engine. */
import { startLimit as startTimeLimit } from '../../time-limit.ts';

/** The four limits of SetTimeouts, in milliseconds; 0 is none. Source: Microsoft, IWinHttpRequest::SetTimeouts. */
export interface Timeouts {
  readonly resolve: number;
  readonly connect: number;
  readonly send: number;
  readonly receive: number;
}

export const DEFAULT_TIMEOUTS: Timeouts = { resolve: 0, connect: 60_000, send: 30_000, receive: 30_000 };

/** Runs after so many milliseconds, if there is a limit at all. Does not keep the process alive: what it limits does. */
export function startLimit(milliseconds: number, callback: () => void): NodeJS.Timeout | undefined {
  return startTimeLimit(milliseconds > 0 ? milliseconds : Number.POSITIVE_INFINITY, callback);
}
