/** Time limits, also longer ones than Node.js timers support. */

/** The longest delay of a Node.js timer in milliseconds; it fires at once after a longer one. */
const LONGEST_TIMER = 0x7fffffff;

/** Starts a timer. Above the longest delay of Node.js, and for `Infinity`, there is no timer. */
export function startTimer(milliseconds: number, onElapsed: () => void): NodeJS.Timeout | undefined {
  return milliseconds > LONGEST_TIMER ? undefined : setTimeout(onElapsed, milliseconds);
}

/** As {@link startTimer}, but does not keep the process alive. */
export function startLimit(milliseconds: number, onElapsed: () => void): NodeJS.Timeout | undefined {
  return startTimer(milliseconds, onElapsed)?.unref();
}
