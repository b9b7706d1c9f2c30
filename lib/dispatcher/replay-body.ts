/** A streamed body that can be sent again, as long as it is short. */
import type { AsyncResource } from 'node:async_hooks';
import { nameErrors } from '../errors.ts';

/**
 * The proxy or server asks for authentication, and so for the request again, but its body was a stream of which no more
 * than `replayLimit` bytes are kept.
 */
export class BodyNotReplayableError extends Error {
  readonly code = 'ERR_WINWIRE_BODY_NOT_REPLAYABLE';

  constructor(method: string, origin: string) {
    super(
      `The body of ${method} ${origin} cannot be sent again after a request for authentication: it is a stream longer than the option "replayLimit". Raise that limit, or pass a string or a Buffer.`,
    );
  }

  static {
    nameErrors(BodyNotReplayableError, 'BodyNotReplayableError');
  }
}

/** A body that undici reads to its end once: a stream, an iterable or an async iterable. */
type Source = AsyncIterable<unknown> | Iterable<unknown>;

const NO_CHUNKS: readonly unknown[] = [];

/** Passes a source on and keeps its chunks up to a limit, until `release` is called. */
export class ReplayBody implements AsyncIterable<unknown> {
  readonly #limit: number;
  readonly #scope: AsyncResource | undefined;
  readonly #iterator: AsyncIterator<unknown> | Iterator<unknown>;
  #kept: unknown[] | undefined = [];
  #size = 0;
  #hasEnded = false;
  /** The read that is under way, so that two senders do not read at once. */
  #reading: Promise<IteratorResult<unknown>> | undefined;

  /** `limit` is in bytes. `scope` is the context in which the source runs. */
  constructor(source: Source, limit: number, scope?: AsyncResource) {
    this.#limit = limit;
    this.#scope = scope;
    this.#iterator =
      Symbol.asyncIterator in source
        ? source[Symbol.asyncIterator]()
        : (source as Iterable<unknown>)[Symbol.iterator]();
  }

  /** Whether the body can be sent from its start. */
  get isReplayable(): boolean {
    return this.#kept !== undefined;
  }

  /** The body will not be sent again: forgets what was kept. */
  release(): void {
    this.#kept = undefined;
  }

  /** The request has ended: ends the source, unless it was read to its end. */
  async close(): Promise<void> {
    this.release();
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    await this.#iterator.return?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<unknown, void, void> {
    // A sender that ends early does not end the source: the next one continues it.
    for (let index = 0; index < (this.#kept ?? NO_CHUNKS).length; index++) yield this.#kept?.[index];
    for (;;) {
      const { done, value } = await this.#read();
      if (done) return;
      yield value;
    }
  }

  #read(): Promise<IteratorResult<unknown>> {
    this.#reading ??= this.#readNext();
    return this.#reading;
  }

  async #readNext(): Promise<IteratorResult<unknown>> {
    const result = this.#hasEnded ? { done: true, value: undefined } : await this.#next();
    this.#reading = undefined;
    if (result.done) this.#hasEnded = true;
    else this.#keep(result.value);
    return result as IteratorResult<unknown>;
  }

  #next(): Promise<IteratorResult<unknown>> | IteratorResult<unknown> {
    return this.#scope ? this.#scope.runInAsyncScope(() => this.#iterator.next()) : this.#iterator.next();
  }

  #keep(chunk: unknown): void {
    if (!this.#kept) return;
    this.#size += typeof chunk === 'string' ? Buffer.byteLength(chunk) : ((chunk as Uint8Array)?.byteLength ?? 0);
    if (this.#size > this.#limit) this.release();
    else this.#kept.push(chunk);
  }
}

/** Whether undici would read the body to its end. Strings, bytes, Blob and FormData can be sent again as they are. */
export function isStreamed(body: unknown): body is Source {
  if (typeof body !== 'object' || body === null || ArrayBuffer.isView(body)) return false;
  const isForm = (body as { [Symbol.toStringTag]?: string })[Symbol.toStringTag] === 'FormData';
  return !isForm && (Symbol.asyncIterator in body || Symbol.iterator in body);
}
