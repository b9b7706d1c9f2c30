/** The events of a response that wait until it is known what becomes of it. */

/** Maximum number of bytes that wait before the connection is paused. */
const MAX_BYTES = 64 * 1024;

export class HeldEvents {
  readonly #events: (() => unknown)[] = [];
  #bytes = 0;
  #isFlushing = false;

  /** Returns false to pause the connection. */
  add(event: () => unknown, bytes = 0): boolean {
    this.#events.push(event);
    this.#bytes += bytes;
    return this.#bytes <= MAX_BYTES;
  }

  /** Runs the events up to one that returns false. Returns whether all have run. */
  flush(): boolean {
    // An event can ask for the next ones.
    if (this.#isFlushing) return false;
    this.#isFlushing = true;
    try {
      for (let event = this.#events.shift(); event; event = this.#events.shift()) if (event() === false) return false;
      return true;
    } finally {
      this.#isFlushing = false;
    }
  }
}
