/** Cancels the current operation of a portable request. */
import type { Socket } from 'node:net';

/** Holds the callback that cancels the current operation; a request runs one at a time. */
export class Cancellation {
  #isCancelled = false;
  #callback: (() => void) | undefined;
  #socket: Socket | undefined;
  #isReferenced = true;

  get isCancelled(): boolean {
    return this.#isCancelled;
  }

  /** Replaces the callback. Calls it at once if the request was already cancelled. */
  onCancel(callback: (() => void) | undefined): void {
    if (this.#isCancelled) callback?.();
    else this.#callback = callback;
  }

  cancel(): void {
    if (this.#isCancelled) return;
    this.#isCancelled = true;
    this.#callback?.();
    this.#callback = undefined;
  }

  /** Sets the socket that is connecting. */
  connects(socket: Socket): void {
    this.#socket = socket;
    if (!this.#isReferenced) socket.unref();
  }

  /** Whether connecting keeps the process alive. */
  setRef(isReferenced: boolean): void {
    this.#isReferenced = isReferenced;
    if (isReferenced) this.#socket?.ref();
    else this.#socket?.unref();
  }

  /** The connection is established; its new owner handles it. */
  connected(): void {
    this.#socket = undefined;
  }
}
