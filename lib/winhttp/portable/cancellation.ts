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
