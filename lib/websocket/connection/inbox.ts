/** Queues received messages, and promises of `receive`. */
import { abortErrorOf, onAbort, refusalOf } from '../../abort-signal.ts';

/** What a connection receives: text as a string, binary as a Buffer. */
export type Message = string | Buffer;

interface Waiter {
  resolve(message: Message | undefined): void;
  reject(reason: unknown): void;
}

interface InboxListener {
  /** A message was taken from the queue. */
  onMessageTaken(): void;
}

export class Inbox {
  #messages: { message: Message; size: number }[] = [];
  // Index of the first queued message: shifting a long array costs time in proportion to its length.
  #first = 0;
  #bytes = 0;
  #waiters: Waiter[] = [];
  #ended = false;
  #failure: unknown;
  readonly #listener: InboxListener;

  constructor(listener: InboxListener) {
    this.#listener = listener;
  }

  /** Payload bytes of the queued messages. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether there are no queued messages and no waiting promises. */
  get idle(): boolean {
    return this.#first === this.#messages.length && this.#waiters.length === 0;
  }

  push(message: Message, size: number): void {
    const waiter = this.#waiters.shift();
    if (waiter !== undefined) {
      waiter.resolve(message);
      return;
    }
    this.#messages.push({ message, size });
    this.#bytes += size;
  }

  /** Returns the next queued message. */
  shift(): { message: Message; size: number } | undefined {
    const entry = this.#messages[this.#first];
    if (entry === undefined) return undefined;
    this.#first++;
    this.#bytes -= entry.size;
    if (this.#first * 2 > this.#messages.length) {
      this.#messages = this.#messages.slice(this.#first);
      this.#first = 0;
    }
    this.#listener.onMessageTaken();
    return entry;
  }

  /** Resolves with the next message; with undefined after the end without a failure. */
  take(signal?: AbortSignal | undefined): Promise<Message | undefined> {
    const refusal = refusalOf(signal);
    if (refusal !== undefined) return Promise.reject(refusal);
    const entry = this.shift();
    if (entry !== undefined) return Promise.resolve(entry.message);
    if (this.#ended) return this.#failure === undefined ? Promise.resolve(undefined) : Promise.reject(this.#failure);
    return new Promise((resolve, reject) => this.#wait({ resolve, reject }, signal ?? undefined));
  }

  #wait(waiter: Waiter, signal: AbortSignal | undefined): void {
    if (signal === undefined) {
      this.#waiters.push(waiter);
      return;
    }
    const signalled: Waiter = {
      resolve: (message) => {
        stop();
        waiter.resolve(message);
      },
      reject: (reason) => {
        stop();
        waiter.reject(reason);
      },
    };
    const stop = onAbort(signal, () => {
      this.#waiters.splice(this.#waiters.indexOf(signalled), 1);
      waiter.reject(abortErrorOf(signal));
    });
    this.#waiters.push(signalled);
  }

  /** Ends the inbox; queued messages can still be taken. */
  end(failure: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#failure = failure;
    for (const waiter of this.#waiters.splice(0)) {
      if (failure === undefined) waiter.resolve(undefined);
      else waiter.reject(failure);
    }
  }
}
