/** Emits events so that listeners cannot break the emitter. */
import { EventEmitter } from 'node:events';
import type { ConnectionEvents } from './connection-types.ts';
import type { Message } from './inbox.ts';

type Listener = (message: Message, isBinary: boolean) => unknown;
type PlainEmitter = EventEmitter & { readonly _events?: { readonly message?: Listener | Listener[] } };

/** Node's `emit`, which {@link emitMessage} may replace by a direct call; `undefined` if it must not. */
let plainEmit: typeof EventEmitter.prototype.emit | undefined = EventEmitter.prototype.emit;
// node:domain and tracers replace it.
if (plainEmit.name !== 'emit' || plainEmit.length !== 1) plainEmit = undefined;

/**
 * Call it when a connection is created: with `captureRejections`, `emit` of later emitters observes the results of
 * listeners.
 */
export function noteCaptureRejections(): void {
  if (EventEmitter.captureRejections) plainEmit = undefined;
}

/**
 * Emits an event and returns whether it had listeners. An exception of a listener is rethrown later, so that the caller
 * continues. Called for every message: two values are faster than a rest parameter.
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

/**
 * Emits `message` like {@link emitSafely}. Calls a single listener without `emit`, whose look-up by name takes a tenth
 * of the time of a small message. `_events` is private, but most packages rely on it.
 */
export function emitMessage(connection: EventEmitter<ConnectionEvents>, message: Message): boolean {
  const emitter = connection as EventEmitter as PlainEmitter;
  if (emitter.emit === plainEmit) {
    const listener = emitter._events?.message;
    if (typeof listener === 'function') {
      try {
        listener.call(emitter, message, typeof message !== 'string');
      } catch (error) {
        throwLater(error);
      }
      return true;
    }
  }
  return emitSafely(connection, 'message', message, typeof message !== 'string');
}

/** Calls a user callback; its exception is rethrown later. */
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
