/**
 * Keeps a quiet connection alive and notices a dead one: after an interval without a byte from the peer a ping goes out,
 * after another one the connection is given up. The component has no timer of its own (Microsoft,
 * WEB_SOCKET_PROPERTY_TYPE enumeration, KEEPALIVE_INTERVAL).
 */
import { startLimit } from './limits.ts';

export class KeepAlive {
  readonly #ping: () => void;
  readonly #giveUp: () => void;
  readonly #timer: NodeJS.Timeout | undefined;
  #heard = true;
  #pinged = false;

  /** `interval` in milliseconds; `Infinity` for none. */
  constructor(interval: number, ping: () => void, giveUp: () => void) {
    this.#ping = ping;
    this.#giveUp = giveUp;
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
      this.#giveUp();
      return;
    }
    this.#pinged = !this.#heard;
    if (this.#pinged) this.#ping();
    this.#heard = false;
    this.#timer?.refresh();
  }
}
