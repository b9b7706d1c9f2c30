/** Pings that wait for a pong: a pong says nothing of which ping it answers, so it answers the oldest. */
export class PongWaiters {
  #waiters: { started: number; resolve(elapsed: number): void; reject(error: unknown): void }[] = [];

  /** Resolves with the milliseconds until a pong. */
  wait(): Promise<number> {
    const pong = new Promise<number>((resolve, reject) => {
      this.#waiters.push({ started: performance.now(), resolve, reject });
    });
    // A ping may be sent for its own sake; the connection tells of its end by itself.
    pong.catch(() => {});
    return pong;
  }

  pong(): void {
    const waiter = this.#waiters.shift();
    waiter?.resolve(performance.now() - waiter.started);
  }

  fail(error: unknown): void {
    for (const waiter of this.#waiters.splice(0)) waiter.reject(error);
  }
}
