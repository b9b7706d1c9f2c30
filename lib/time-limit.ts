/** Time limits, which may be longer than a timer of Node can be. */

/** The longest time that a timer of Node takes, in milliseconds; a longer one fires at once. */
const LONGEST_TIMER = 0x7fffffff;

/** A timer that may run longer than Node's can: then, as for `Infinity`, there is none. */
export function startTimer(milliseconds: number, onElapsed: () => void): NodeJS.Timeout | undefined {
  return milliseconds > LONGEST_TIMER ? undefined : setTimeout(onElapsed, milliseconds);
}

/** As {@link startTimer}, for what is only a limit: it does not keep the process alive. */
export function startLimit(milliseconds: number, onElapsed: () => void): NodeJS.Timeout | undefined {
  return startTimer(milliseconds, onElapsed)?.unref();
}
