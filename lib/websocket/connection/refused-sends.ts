/**
 * Sends that were refused because the queue is full. A peer must never get a well-formed stream with a message missing:
 * a refusal that no handler takes, as in `void connection.send(message)`, ends the connection.
 */

export interface RefusedSendListener {
  /** Nobody handles the rejection of a refused send. */
  unhandledRefusal(error: Error): void;
}

/** A rejected promise that knows whether it has a handler. `await` calls `then` too, since this is a class of its own. */
class RefusedSend extends Promise<undefined> {
  isHandled = false;

  // What `then` returns is an ordinary promise.
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

  /** Whether a refusal has no handler yet. A message that is sent now could come behind a hole. */
  get isUndecided(): boolean {
    for (const refused of this.#undecided) if (!refused.isHandled) return true;
    return false;
  }

  /** A rejected promise. It is judged, as Node judges rejections, when the microtasks that follow have run. */
  refuse(error: Error): Promise<undefined> {
    const refused = new RefusedSend((_, reject) => reject(error));
    // The connection reports an unhandled refusal; the process must not end by it.
    Promise.prototype.then.call(refused, undefined, () => {});
    this.#undecided.add(refused);
    // A tick that a microtask asks for comes after all microtasks.
    queueMicrotask(() => process.nextTick(() => this.#judge(refused, error)));
    return refused;
  }

  #judge(refused: RefusedSend, error: Error): void {
    this.#undecided.delete(refused);
    if (!refused.isHandled) this.#listener.unhandledRefusal(error);
  }
}
