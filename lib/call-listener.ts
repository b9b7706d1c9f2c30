/** Calls user callbacks; their exceptions do not reach the caller. */

/** Calls a listener. Its exception becomes an uncaught exception of the process; the caller continues. */
export function callListener(call: () => unknown): void {
  try {
    call();
  } catch (error) {
    // Not process.nextTick, which may run inside a parser that would catch the exception.
    setImmediate(() => {
      throw error;
    });
  }
}
