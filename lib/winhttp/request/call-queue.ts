/** Makes one call at a time, in the order in which they come. The first of an idle queue is made at once. */
export class CallQueue {
  #last: Promise<unknown> | undefined;

  /** `call` may throw too. */
  add<T>(call: () => Promise<T>): Promise<T> {
    const result = this.#last ? this.#last.then(call) : made(call);
    const onEnd = () => {
      if (this.#last === end) this.#last = undefined;
    };
    const end = result.then(onEnd, onEnd);
    this.#last = end;
    return result;
  }

  /** Resolves when all calls that are waiting now are done. */
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
