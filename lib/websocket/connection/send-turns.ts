/** Keeps sends in order of which one's bytes were not at hand when it was made, and counts those whose turn has not come. */
export class SendTurns {
  #waitingCount = 0;
  #waitingBytes = 0;
  // Nothing waits any more, though what gathers bytes may not have noticed.
  #isFailed = false;
  // The end of the last one.
  #tail: Promise<void> | undefined;
  readonly #unfinished = new Set<(error: unknown) => void>();

  /** Sends whose turn has not come. */
  get waitingCount(): number {
    return this.#waitingCount;
  }

  /** Their payload bytes, as far as they are known. */
  get waitingBytes(): number {
    return this.#isFailed ? 0 : this.#waitingBytes;
  }

  /** Whether what is sent now has to wait. */
  get isBusy(): boolean {
    return this.#tail !== undefined;
  }

  /** Gathers `size` bytes, once those before it have been sent, and sends them. */
  take<Data>(size: number, gather: () => Data | Promise<Data>, send: (data: Data) => Promise<void>): Promise<void> {
    const gathered = this.#gatherInTurn(size, gather, this.#tail);
    const sent = gathered.then(send);
    const tail: Promise<void> = sent.then(
      () => this.#clearTail(tail),
      () => this.#clearTail(tail),
    );
    this.#tail = tail;
    return this.#untilFailed(sent);
  }

  /** Rejects every send that has not ended. */
  fail(error: unknown): void {
    this.#isFailed = true;
    for (const reject of this.#unfinished) reject(error);
  }

  #clearTail(tail: Promise<void>): void {
    if (this.#tail === tail) this.#tail = undefined;
  }

  async #gatherInTurn<Data>(size: number, gather: () => Data | Promise<Data>, before: Promise<void> | undefined) {
    this.#waitingCount++;
    this.#waitingBytes += size;
    try {
      await before;
      return await gather();
    } finally {
      this.#waitingCount--;
      this.#waitingBytes -= size;
    }
  }

  /** A source that gives nothing more, and what waits behind it, end with the connection all the same. */
  #untilFailed(sent: Promise<void>): Promise<void> {
    const ended = new Promise<void>((resolve, reject) => {
      this.#unfinished.add(reject);
      sent.then(resolve, reject).finally(() => this.#unfinished.delete(reject));
    });
    // As of a send that is made at once: see Batch.
    ended.catch(() => {});
    return ended;
  }
}
