/** Events of a connection. */
import type { EventEmitter } from 'node:events';
import type { ConnectionEvents } from './types.ts';

/**
 * Emits, and says whether someone listened. A listener that throws must not take with it what comes behind, so its error
 * is thrown on its own. Two values and no rest parameter: this is called for every message.
 */
export function emitSafely<Name extends keyof ConnectionEvents>(
  emitter: EventEmitter<ConnectionEvents>,
  name: Name,
  first: ConnectionEvents[Name][0],
  second?: ConnectionEvents[Name][1],
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
