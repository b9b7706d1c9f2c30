/** TLS sessions to resume. */
const MAX_SESSIONS = 200;

export class TlsSessions {
  readonly #sessions = new Map<string, Buffer>();

  get(key: string): Buffer | undefined {
    return this.#sessions.get(key);
  }

  set(key: string, session: Buffer): void {
    this.#sessions.delete(key);
    this.#sessions.set(key, session);
    for (const [oldest] of this.#sessions) if (this.#sessions.size > MAX_SESSIONS) this.#sessions.delete(oldest);
  }
}
