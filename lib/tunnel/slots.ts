/** Limits the connections of an origin that are in use at once. */
import { abortErrorOf, onAbort } from '../abort-signal.ts';

interface Waiter {
  start(): void;
}

export class Slots {
  readonly #limit: number;
  readonly #used = new Map<string, number>();
  readonly #waiting = new Map<string, Set<Waiter>>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * Waits for a slot, in turn. The returned function frees it; later calls are ignored.
   *
   * @throws {AbortError}
   */
  async take(origin: string, signal: AbortSignal): Promise<() => void> {
    if (this.#limit === Number.POSITIVE_INFINITY) return () => {};
    if ((this.#used.get(origin) ?? 0) >= this.#limit) await this.#wait(origin, signal);
    else this.#used.set(origin, (this.#used.get(origin) ?? 0) + 1);
    let isFree = false;
    return () => {
      if (isFree) return;
      isFree = true;
      this.#free(origin);
    };
  }

  /** The slot passes from the one that frees it to the first that waits. */
  #wait(origin: string, signal: AbortSignal): Promise<void> {
    const waiters = this.#waiting.get(origin) ?? new Set();
    this.#waiting.set(origin, waiters);
    return new Promise((resolve, reject) => {
      const stop = onAbort(signal, () => {
        waiters.delete(waiter);
        reject(abortErrorOf(signal));
      });
      const waiter: Waiter = {
        start() {
          waiters.delete(waiter);
          stop();
          resolve();
        },
      };
      waiters.add(waiter);
    });
  }

  #free(origin: string): void {
    const waiters = this.#waiting.get(origin);
    const [first] = waiters ?? [];
    if (first) return void first.start();
    this.#waiting.delete(origin);
    const count = (this.#used.get(origin) ?? 1) - 1;
    if (count > 0) this.#used.set(origin, count);
    else this.#used.delete(origin);
  }
}
