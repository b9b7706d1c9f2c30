/** Gives up what a request is doing. It does one thing at a time, so there is one thing to be told. */
export class Cancellation {
  #isCancelled = false;
  #callback: (() => void) | undefined;

  get isCancelled(): boolean {
    return this.#isCancelled;
  }

  /** Who is to be told, in the place of the one before. */
  tell(callback: (() => void) | undefined): void {
    this.#callback = callback;
  }

  cancel(): void {
    if (this.#isCancelled) return;
    this.#isCancelled = true;
    this.#callback?.();
    this.#callback = undefined;
  }
}
