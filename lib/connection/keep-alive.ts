/**
 * Keeps a quiet connection alive and notices a dead one: after an interval without a byte from the peer a ping goes out,
 * after another one the connection is given up. The component has no timer of its own (Microsoft,
 * WEB_SOCKET_PROPERTY_TYPE enumeration, KEEPALIVE_INTERVAL).
 */
import { startLimit } from './limits.ts';

export interface KeepAliveListener {
  /** Nothing came for an interval: time to ping. */
  quiet(): void;
  /** Nor for another one. */
  dead(): void;
}

export class KeepAlive {
  readonly #listener: KeepAliveListener;
  readonly #timer: NodeJS.Timeout | undefined;
  #heard = true;
  #pinged = false;

  /** `interval` in milliseconds; `Infinity` for none. */
  constructor(interval: number, listener: KeepAliveListener) {
    this.#listener = listener;
    this.#timer = startLimit(interval, () => this.#tick());
  }

  /** Bytes came from the peer. */
  heard(): void {
    this.#heard = true;
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #tick(): void {
    if (!this.#heard && this.#pinged) {
      this.#listener.dead();
      return;
    }
    this.#pinged = !this.#heard;
    if (this.#pinged) this.#listener.quiet();
    this.#heard = false;
    this.#timer?.refresh();
  }
}
