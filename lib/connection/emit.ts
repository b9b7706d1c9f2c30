/** Events of a connection. */
import type { EventEmitter } from 'node:events';
import type { ConnectionEvents } from './types.ts';

/** Emits; a listener that throws must not take with it what comes behind, so its error is thrown on its own. */
export function emitSafely<Name extends keyof ConnectionEvents>(
  emitter: EventEmitter<ConnectionEvents>,
  name: Name,
  ...values: ConnectionEvents[Name]
): void {
  try {
    (emitter as EventEmitter).emit(name, ...values);
  } catch (error) {
    process.nextTick(() => {
      throw error;
    });
  }
}
