/**
 * Sends that were rejected because the queue is full. A peer must never get a well-formed stream with a missing
 * message: an unhandled rejection, as in `void connection.send(message)`, ends the connection.
 */

export interface RefusedSendListener {
  /** The rejection of a refused send is not handled. */
  unhandledRefusal(error: Error): void;
}

/** A rejected promise that knows whether it has a handler. It is a subclass, so that `await` calls `then` too. */
class RefusedSend extends Promise<undefined> {
  isHandled = false;

  // `then` returns an ordinary promise.
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  // biome-ignore lint/suspicious/noThenProperty: to see the handler is what this class is for.
  override then<A = undefined, B = never>(
    onFulfilled?: ((value: undefined) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.isHandled = true;
    return super.then(onFulfilled, onRejected);
  }
}

export class RefusedSends {
  readonly #listener: RefusedSendListener;
  readonly #undecided = new Set<RefusedSend>();

  constructor(listener: RefusedSendListener) {
    this.#listener = listener;
  }

  /** Whether a rejection has no handler yet. A message sent now could follow a gap. */
  get isUndecided(): boolean {
    for (const refused of this.#undecided) if (!refused.isHandled) return true;
    return false;
  }

  /** Returns a rejected promise. Like Node.js, checks for a handler after the pending microtasks. */
  refuse(error: Error): Promise<undefined> {
    const refused = new RefusedSend((_, reject) => reject(error));
    // The connection reports an unhandled rejection; the process must not end because of it.
    Promise.prototype.then.call(refused, undefined, () => {});
    this.#undecided.add(refused);
    // A tick requested by a microtask runs after all microtasks.
    queueMicrotask(() => process.nextTick(() => this.#judge(refused, error)));
    return refused;
  }

  #judge(refused: RefusedSend, error: Error): void {
    this.#undecided.delete(refused);
    if (!refused.isHandled) this.#listener.unhandledRefusal(error);
  }
}
