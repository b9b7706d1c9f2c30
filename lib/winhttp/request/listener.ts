/** Calls user callbacks: what they throw does not reach the caller. */

/**
 * Calls a listener. What it throws is its own affair: the request goes on, and the process hears of it as of any other
 * uncaught exception.
 */
export function callListener(call: () => unknown): void {
  try {
    call();
  } catch (error) {
    // Not at the next tick: that may run within somebody's parser, which would take the exception for its own.
    setImmediate(() => {
      throw error;
    });
  }
}
