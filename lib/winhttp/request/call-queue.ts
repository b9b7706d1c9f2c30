/** Makes one call at a time, in the order in which they come. The first of an idle queue is made at once. */
export class CallQueue {
  #last: Promise<unknown> | undefined;

  add<T>(call: () => Promise<T>): Promise<T> {
    const result = this.#last ? this.#last.then(call) : call();
    const end = result.then(noop, noop);
    this.#last = end;
    end.then(() => {
      if (this.#last === end) this.#last = undefined;
    });
    return result;
  }

  /** Resolves when all calls that are waiting now are done. */
  async idle(): Promise<void> {
    await this.#last;
  }
}

function noop(): void {}
