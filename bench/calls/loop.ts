// The interface of both contestants: a client and a server handle, connected by a block of memory instead of a network.

/** A pair of handles after its handshake. */
export interface Loop {
  /**
   * Sends a message from one handle and drains it; receives it at the other until it is indicated. Returns the received
   * message.
   */
  transfer(from: 'client' | 'server', payload: Buffer): Buffer;
  dispose(): void;
}

/** The buffers of a handle, so that each message is one frame and one read. */
export const BUFFER_SIZE = 65_536;

/** The memory that both loops write to and read from. */
export class Wire {
  readonly #bytes = Buffer.alloc(2 * BUFFER_SIZE);
  #length = 0;

  write(bytes: Buffer): void {
    this.#length += bytes.copy(this.#bytes, this.#length);
  }

  /** Returns everything that was written. */
  take(): Buffer {
    const bytes = this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    return bytes;
  }
}
