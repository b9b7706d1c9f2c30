/** Waits that an AbortSignal can end, and their error. */
import { nameErrors } from './errors.ts';
import type { KnownOptions } from './known-options.ts';
import { validateObject, validateSignal, WAIT_OPTIONS } from './options.ts';

/** Reports that a signal ended a wait; `cause` is the signal's reason. Source: WHATWG DOM, AbortSignal. */
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

/** All callbacks for one signal, behind a single listener. */
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

  /** A callback may remove others while the loop runs. */
  handleEvent(): void {
    for (const callback of this.#callbacks) {
      this.delete(callback);
      callback();
    }
  }
}

const waitsOf = new WeakMap<AbortSignal, Waits>();

/**
 * Calls `callback` once if the signal aborts; the returned function cancels this. One listener serves all waits of a
 * signal, because Node.js warns of a leak when a signal has more than ten.
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

/** Returns the error for an invalid or aborted signal, `undefined` if the wait can begin. */
export function refusalOf(given: unknown): Error | undefined {
  try {
    const signal = validateSignal(given);
    return signal?.aborted ? abortErrorOf(signal) : undefined;
  } catch (error) {
    return error as TypeError;
  }
}

/** Returns the error for invalid options or an aborted `signal` in them, `undefined` if the wait can begin. */
export function refusalOfOptions(options: unknown, known: KnownOptions = WAIT_OPTIONS): Error | undefined {
  if (options === undefined) return undefined;
  try {
    return refusalOf(validateObject(options, 'options', known).signal);
  } catch (error) {
    return error as TypeError;
  }
}

/** Settles as `promise` does, or rejects when the signal aborts. A later rejection of `promise` counts as handled. */
export function withSignal<T>(promise: Promise<T>, signal: AbortSignal | null | undefined): Promise<T> {
  if (signal === undefined || signal === null) return promise;
  const refusal = refusalOf(signal);
  if (refusal !== undefined) return Promise.reject(refusal);
  return new Promise((resolve, reject) => {
    const stop = onAbort(signal, () => reject(abortErrorOf(signal)));
    promise.finally(stop).then(resolve, reject);
  });
}
