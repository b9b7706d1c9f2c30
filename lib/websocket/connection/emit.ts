/** Events whose listeners cannot break what emits them. */
import type { EventEmitter } from 'node:events';

/**
 * Emits, and says whether someone listened. A listener that throws must not take with it what comes behind, so its error
 * is thrown on its own. Two values and no rest parameter: this is called for every message.
 */
export function emitSafely<Events extends Record<keyof Events, unknown[]>, Name extends keyof Events & string>(
  emitter: EventEmitter<Events>,
  name: Name,
  first: Events[Name][0],
  second?: Events[Name][1],
): boolean {
  try {
    return (emitter as EventEmitter).emit(name, first, second);
  } catch (error) {
    throwLater(error);
    return true;
  }
}

/** Calls a callback of the user; what it throws is thrown on its own. */
export function callSafely<Args extends unknown[]>(callback: (...args: Args) => unknown, ...args: Args): void {
  try {
    callback(...args);
  } catch (error) {
    throwLater(error);
  }
}

function throwLater(error: unknown): void {
  process.nextTick(() => {
    throw error;
  });
}
