/** How long the parts of opening a connection take. */
import type { ConnectTimes } from '../request-object.ts';

export class ConnectClock {
  readonly #start = performance.now();
  #resolved: number | undefined;
  #connected = this.#start;
  #address: string | undefined;

  /** The name was looked up. */
  resolved(): void {
    this.#resolved = performance.now();
  }

  /** TCP is there, or the tunnel through it. */
  connected(address: string | undefined): void {
    this.#connected = performance.now();
    this.#address = address;
  }

  /** Of a connection that is open now. */
  times(isSecure: boolean): ConnectTimes {
    const lookup = this.#resolved === undefined ? undefined : this.#resolved - this.#start;
    const connect = this.#connected - (this.#resolved ?? this.#start);
    const tls = isSecure ? performance.now() - this.#connected : undefined;
    return { address: this.#address, lookup, connect, tls };
  }
}
