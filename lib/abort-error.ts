/** The error of a wait that an AbortSignal ended. */
import { nameErrors } from './errors.ts';
import { readSignal } from './options.ts';

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

/** Why a wait cannot begin with what was given as its signal; `undefined` if it can. */
export function refusalOf(given: unknown): Error | undefined {
  try {
    const signal = readSignal(given);
    return signal?.aborted ? abortErrorOf(signal) : undefined;
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
    const onAbort = () => reject(abortErrorOf(signal));
    signal.addEventListener('abort', onAbort, { once: true });
    promise.finally(() => signal.removeEventListener('abort', onAbort)).then(resolve, reject);
  });
}
