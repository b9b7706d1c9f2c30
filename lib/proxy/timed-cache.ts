/** A bounded cache of promises, each with a lifetime that depends on its result. */

interface Entry<T> {
  readonly value: Promise<T>;
  /** Infinity while the value is pending. */
  expires: number;
}

/** Values by key; concurrent requests for a key share one computation. */
export class TimedCache<T> {
  readonly #entries = new Map<string, Entry<T>>();
  readonly #maxSize: number;

  constructor(maxSize: number) {
    this.#maxSize = maxSize;
  }

  /** `lifetime` returns how long the result is cached, in milliseconds; it gets `undefined` for a rejection. */
  get(key: string, compute: () => Promise<T>, lifetime: (value: T | undefined) => number): Promise<T> {
    const known = this.#entries.get(key);
    if (known && known.expires > performance.now()) return known.value;
    const entry: Entry<T> = { value: compute(), expires: Number.POSITIVE_INFINITY };
    const keep = (value: T | undefined) => {
      entry.expires = performance.now() + lifetime(value);
    };
    entry.value.then(keep, () => keep(undefined));
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    for (const [oldest] of this.#entries) if (this.#entries.size > this.#maxSize) this.#entries.delete(oldest);
    return entry.value;
  }

  clear(): void {
    this.#entries.clear();
  }
}
