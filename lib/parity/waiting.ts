// Waits for events; the clock is only a limit.

// Far more than anything here takes; reaching it is a failure.
const LIMIT_MS = 15_000;

interface Deferred<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(error: unknown): void;
}

export function deferred<T = void>(): Deferred<T> {
  let resolve: Deferred<T>['resolve'] = () => {};
  let reject: Deferred<T>['reject'] = () => {};
  const promise = new Promise<T>((...functions) => {
    [resolve, reject] = functions;
  });
  return { promise, resolve, reject };
}

/** The code of a time-out of {@link within}. */
export const TIMEOUT_CODE = 'ERR_PARITY_TIMEOUT';

/** What is waited for. A function is called when it is missing. */
type Expectation = string | (() => string);

/** Resolves with the promise's result, or rejects with a message that names what is missing. */
export async function within<T>(promise: Promise<T>, what: Expectation, limit = LIMIT_MS): Promise<T> {
  const late = deferred<never>();
  const timer = setTimeout(() => {
    const missing = typeof what === 'string' ? what : what();
    late.reject(Object.assign(new Error(`${missing}: not within ${limit} ms`), { code: TIMEOUT_CODE }));
  }, limit);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Notifies waiters of changes. */
export class Watch {
  #waiting: (() => void)[] = [];

  notify(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** Resolves with the next change. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  /** Resolves when the condition is true, which is checked after every change. */
  async until(condition: () => boolean, what: Expectation): Promise<void> {
    const met = async () => {
      while (!condition()) await this.next();
    };
    await within(met(), what);
  }
}

/** How a promise settled, and how often it reported that. */
export interface Settlement<T> {
  readonly settled: 'fulfilled' | 'rejected' | undefined;
  readonly value: T | undefined;
  readonly error: unknown;
  /** Resolves when the promise is settled, either way. */
  readonly end: Promise<void>;
}

/** Observes a promise from the start, so that its rejection counts as handled. */
export function watch<T>(promise: Promise<T>): Settlement<T> {
  const outcome = {
    settled: undefined as Settlement<T>['settled'],
    value: undefined as T | undefined,
    error: undefined as unknown,
    end: Promise.resolve(),
  };
  const settle = promise.then(
    (value) => Object.assign(outcome, { settled: 'fulfilled', value }),
    (error) => Object.assign(outcome, { settled: 'rejected', error }),
  );
  outcome.end = within(
    settle.then(() => {}),
    'a promise settles',
  );
  // Marks the promise as handled.
  outcome.end.catch(() => {});
  return outcome;
}

/** Lets pending events run: some turns of the event loop, with its timers and sockets. */
export async function turns(count = 10): Promise<void> {
  for (let index = 0; index < count; index += 1) await new Promise((resolve) => setImmediate(resolve));
}

const ATTEMPTS = 5;

/**
 * Fails unless the quickest of some attempts takes less than the limit in milliseconds: a busy machine may delay some
 * attempts, but not all. Each attempt returns its duration.
 */
export async function expectQuick(limit: number, attempt: () => Promise<number>): Promise<void> {
  let quickest = Number.POSITIVE_INFINITY;
  for (let count = 0; count < ATTEMPTS && quickest >= limit; count += 1) quickest = Math.min(quickest, await attempt());
  if (quickest >= limit) throw new Error(`${quickest} ms, and not less than ${limit}`);
}

/** Returns the duration of a call in milliseconds. */
export async function duration(call: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await call();
  return performance.now() - start;
}
