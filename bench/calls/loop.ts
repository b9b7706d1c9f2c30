// What both contestants offer: a client and a server handle, joined by a block of memory in place of a network.

/** A pair of handles after its handshake. */
export interface Loop {
  /** Sends a message from one handle and drains it; receives it at the other until it is indicated. Returns what came. */
  transfer(from: 'client' | 'server', payload: Buffer): Buffer;
  dispose(): void;
}

/** The buffers of a handle, so that each message is one frame and one read. */
export const BUFFER_SIZE = 65_536;

/** Both loops put what is to be sent here, and read from here. */
export class Wire {
  readonly #bytes = Buffer.alloc(2 * BUFFER_SIZE);
  #length = 0;

  write(bytes: Buffer): void {
    this.#length += bytes.copy(this.#bytes, this.#length);
  }

  /** All that was written. */
  take(): Buffer {
    const bytes = this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    return bytes;
  }
}
