// Waiting for what happens, with a clock only as a limit.

// Far more than anything takes here; a test that reaches it has failed.
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

/** The code of what {@link within} rejects with. */
export const TIMEOUT_CODE = 'ERR_PARITY_TIMEOUT';

/** The promise's result, or a failure that says what did not come. */
export async function within<T>(promise: Promise<T>, what: string, limit = LIMIT_MS): Promise<T> {
  const late = deferred<never>();
  const timer = setTimeout(() => {
    late.reject(Object.assign(new Error(`${what}: not within ${limit} ms`), { code: TIMEOUT_CODE }));
  }, limit);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Tells those who wait that something has changed. */
export class Watch {
  #waiting: (() => void)[] = [];

  tell(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** The next change. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  /** Resolves when the condition holds, which is looked at after every change. */
  async until(condition: () => boolean, what: string): Promise<void> {
    const met = async () => {
      while (!condition()) await this.next();
    };
    await within(met(), what);
  }
}

/** How a promise ended, and how often it told so. */
export interface Outcome<T> {
  readonly settled: 'fulfilled' | 'rejected' | undefined;
  readonly value: T | undefined;
  readonly error: unknown;
  /** Resolves when the promise is settled, either way. */
  readonly end: Promise<void>;
}

/** Looks at a promise from the first moment on, so that its rejection is handled. */
export function watch<T>(promise: Promise<T>): Outcome<T> {
  const outcome = {
    settled: undefined as Outcome<T>['settled'],
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
  // Whether somebody awaits the end or not.
  outcome.end.catch(() => {});
  return outcome;
}

/** Lets everything happen that is ready to: some turns of the event loop, with its timers and sockets. */
export async function turns(count = 10): Promise<void> {
  for (let index = 0; index < count; index += 1) await new Promise((resolve) => setImmediate(resolve));
}

const ATTEMPTS = 5;

/**
 * Fails unless the quickest of some attempts takes less than so many milliseconds: a busy machine may hold up one of
 * them, not all. Each attempt measures what it is about and returns it.
 */
export async function promptly(limit: number, attempt: () => Promise<number>): Promise<void> {
  let quickest = Number.POSITIVE_INFINITY;
  for (let count = 0; count < ATTEMPTS && quickest >= limit; count += 1) quickest = Math.min(quickest, await attempt());
  if (quickest >= limit) throw new Error(`${quickest} ms, and not less than ${limit}`);
}

/** How long a call takes, in milliseconds. */
export async function duration(call: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await call();
  return performance.now() - start;
}
