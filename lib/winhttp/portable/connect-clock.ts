/** Measures the parts of opening a connection. */
import type { ConnectTimes } from '../request-object.ts';

export class ConnectClock {
  readonly #start = performance.now();
  #resolved: number | undefined;
  #connected = this.#start;
  #address: string | undefined;

  /** The name was resolved. */
  resolved(): void {
    this.#resolved = performance.now();
  }

  /** TCP is connected, or the tunnel is open. */
  connected(address: string | undefined): void {
    this.#connected = performance.now();
    this.#address = address;
  }

  /** Returns the times of a connection that is open now. */
  times(isSecure: boolean): ConnectTimes {
    const lookup = this.#resolved === undefined ? undefined : this.#resolved - this.#start;
    const connect = this.#connected - (this.#resolved ?? this.#start);
    const tls = isSecure ? performance.now() - this.#connected : undefined;
    return { address: this.#address, lookup, connect, tls };
  }
}
