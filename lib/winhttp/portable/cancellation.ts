/** Cancels what a request of the portable engine is doing. */
import type { Socket } from 'node:net';

/** Gives up what a request is doing. It does one thing at a time, so there is one thing to be told. */
export class Cancellation {
  #isCancelled = false;
  #callback: (() => void) | undefined;
  #socket: Socket | undefined;
  #isReferenced = true;

  get isCancelled(): boolean {
    return this.#isCancelled;
  }

  /** Sets the callback, in place of the one before. It is called at once if the request was cancelled already. */
  tell(callback: (() => void) | undefined): void {
    if (this.#isCancelled) callback?.();
    else this.#callback = callback;
  }

  cancel(): void {
    if (this.#isCancelled) return;
    this.#isCancelled = true;
    this.#callback?.();
    this.#callback = undefined;
  }

  /** The socket of a connection that is being made. */
  connects(socket: Socket): void {
    this.#socket = socket;
    if (!this.#isReferenced) socket.unref();
  }

  /** While referenced, making a connection keeps the process alive. */
  setRef(isReferenced: boolean): void {
    this.#isReferenced = isReferenced;
    if (isReferenced) this.#socket?.ref();
    else this.#socket?.unref();
  }

  /** There is a connection, which is somebody else's to look after. */
  connected(): void {
    this.#socket = undefined;
  }
}
