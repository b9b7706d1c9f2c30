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
    process.nextTick(() => {
      throw error;
    });
    return true;
  }
}
