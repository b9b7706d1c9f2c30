/** Keeps sends in order if the bytes of one have to be awaited, and counts the waiting ones. */
export class SendTurns {
  #waitingCount = 0;
  #waitingBytes = 0;
  // Nothing waits any more, though sources may still deliver bytes.
  #isFailed = false;
  // Settles after the last send.
  #tail: Promise<void> | undefined;
  readonly #unfinished = new Set<(error: unknown) => void>();

  /** Number of waiting sends. */
  get waitingCount(): number {
    return this.#waitingCount;
  }

  /** Their known payload bytes. */
  get waitingBytes(): number {
    return this.#isFailed ? 0 : this.#waitingBytes;
  }

  /** Whether a new send has to wait. */
  get isBusy(): boolean {
    return this.#tail !== undefined;
  }

  /** Gathers `size` bytes, and sends them after the earlier sends. */
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

  /** Rejects every pending send. */
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

  /** Ends sends with the connection even if their source never delivers. */
  #untilFailed(sent: Promise<void>): Promise<void> {
    const ended = new Promise<void>((resolve, reject) => {
      this.#unfinished.add(reject);
      sent.then(resolve, reject).finally(() => this.#unfinished.delete(reject));
    });
    // Marks the promise as handled, as in Batch.
    ended.catch(() => {});
    return ended;
  }
}
