/** Events of a connection. */
import type { EventEmitter } from 'node:events';
import type { Inbox } from './inbox.ts';
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

/** Gives the messages that wait to whoever has begun to listen. */
export function emitWaiting(emitter: EventEmitter<ConnectionEvents>, inbox: Inbox): void {
  while (emitter.listenerCount('message') > 0) {
    const entry = inbox.shift();
    if (entry === undefined) return;
    emitSafely(emitter, 'message', entry.message, typeof entry.message !== 'string');
  }
}
