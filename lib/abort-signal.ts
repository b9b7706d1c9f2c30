/** Waits that an AbortSignal may end, and the error of one that it ended. */
import { nameErrors } from './errors.ts';
import type { KnownOptions } from './known-options.ts';
import { validateObject, validateSignal, WAIT_OPTIONS } from './options.ts';

/** A wait was ended by its signal; `cause` is the signal's reason. Source: WHATWG DOM, AbortSignal. */
export class AbortError extends Error {
  readonly code = 'ABORT_ERR';

  constructor(cause: unknown) {
    super('The operation was aborted', { cause });
  }

  static {
    nameErrors(AbortError, 'AbortError');
  }
}

export function abortErrorOf(signal: AbortSignal): AbortError {
  return new AbortError(signal.reason);
}

/** Those who wait for one signal, behind one listener. */
class Waits {
  readonly #signal: AbortSignal;
  readonly #callbacks = new Set<() => void>();

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  add(callback: () => void): void {
    if (this.#callbacks.size === 0) this.#signal.addEventListener('abort', this);
    this.#callbacks.add(callback);
  }

  delete(callback: () => void): void {
    this.#callbacks.delete(callback);
    if (this.#callbacks.size === 0) this.#signal.removeEventListener('abort', this);
  }

  /** The signal has aborted. One that is called may take others away. */
  handleEvent(): void {
    for (const callback of this.#callbacks) {
      this.delete(callback);
      callback();
    }
  }
}

const waitsOf = new WeakMap<AbortSignal, Waits>();

/**
 * Calls back once if the signal aborts, until what is returned is called. A signal may serve thousands of waits, such as
 * that of a program's end: as one listener, they are no leak in the eyes of Node.
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  let waits = waitsOf.get(signal);
  if (waits === undefined) {
    waits = new Waits(signal);
    waitsOf.set(signal, waits);
  }
  waits.add(callback);
  return () => waits.delete(callback);
}

/** Why a wait cannot begin with what was given as its signal; `undefined` if it can. */
export function refusalOf(given: unknown): Error | undefined {
  try {
    const signal = validateSignal(given);
    return signal?.aborted ? abortErrorOf(signal) : undefined;
  } catch (error) {
    return error as TypeError;
  }
}

/** Why a wait cannot begin with these options, whose `signal` ends it; `undefined` if it can. */
export function refusalOfOptions(options: unknown, known: KnownOptions = WAIT_OPTIONS): Error | undefined {
  if (options === undefined) return undefined;
  try {
    return refusalOf(validateObject(options, 'options', known).signal);
  } catch (error) {
    return error as TypeError;
  }
}

/** The promise, or the end of the wait for it. What the promise does later is then nobody's concern. */
export function withSignal<T>(promise: Promise<T>, signal: AbortSignal | null | undefined): Promise<T> {
  if (signal === undefined || signal === null) return promise;
  const refusal = refusalOf(signal);
  if (refusal !== undefined) return Promise.reject(refusal);
  return new Promise((resolve, reject) => {
    const stop = onAbort(signal, () => reject(abortErrorOf(signal)));
    promise.finally(stop).then(resolve, reject);
  });
}
