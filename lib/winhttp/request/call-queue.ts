/** Runs calls one at a time, in order. If the queue is idle, a call starts at once. */
export class CallQueue {
  #last: Promise<unknown> = Promise.resolve();
  /** The number of calls that have not ended. */
  #count = 0;
  readonly #onEnd = (): void => {
    this.#count--;
  };

  /** `call` may throw too. A rejection of the result counts as handled. */
  add<T>(call: () => Promise<T>): Promise<T> {
    const result = this.#count > 0 ? this.#last.then(call) : made(call);
    this.#count++;
    this.#last = result.then(this.#onEnd, this.#onEnd);
    return result;
  }

  /** Resolves when all calls queued so far have ended. */
  async idle(): Promise<void> {
    await this.#last;
  }
}

function made<T>(call: () => Promise<T>): Promise<T> {
  try {
    return call();
  } catch (error) {
    return Promise.reject(error);
  }
}
