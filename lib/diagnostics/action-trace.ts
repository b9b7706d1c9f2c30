/** The trace of a connection that a caller iterates over. */
import { AsyncResource } from 'node:async_hooks';
import { illegalConstructor } from '../errors.ts';
import { validateNumber, validateObject } from '../options.ts';
import type { TraceListener } from './action-tracer.ts';
import type { TracedCall } from './trace-records.ts';

/** Options of WebSocketConnection.trace. */
export interface TraceOptions {
  /** Maximum number of queued calls; beyond it the oldest are dropped. Default 65,536. */
  readonly limit?: number | undefined;
}

const DEFAULT_LIMIT = 65_536;

/**
 * Yields the component calls of a connection, from the creation of the trace until `stop` or the connection's end. Each
 * call is yielded once. Two traces of one connection are independent.
 */
export class ActionTrace implements AsyncIterableIterator<TracedCall>, Disposable {
  readonly #limit: number;
  readonly #remove: () => void;
  #calls: TracedCall[] = [];
  #waiting: ((result: IteratorResult<TracedCall, undefined>) => void)[] = [];
  #ended = false;
  #dropped = 0;

  /** @internal Use WebSocketConnection.trace. */
  constructor(listen: (listener: TraceListener) => () => void, options?: TraceOptions) {
    if (typeof listen !== 'function') throw illegalConstructor('ActionTrace', 'connection.trace()');
    this.#limit = limitOf(options);
    this.#remove = listen({ calls: (calls, lost) => this.#add(calls, lost), end: () => this.#end() });
  }

  /** Number of calls that were dropped because the queue was full. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Ends the trace; queued calls can still be read. */
  stop(): void {
    this.#remove();
    // The pump reports its earlier calls on the next tick.
    process.nextTick(() => this.#end());
  }

  /** Resolves with the next call. */
  next(): Promise<IteratorResult<TracedCall, undefined>> {
    const value = this.#calls.shift();
    if (value !== undefined) return Promise.resolve({ done: false, value });
    if (this.#ended) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Ends the trace when a loop is left. */
  async return(): Promise<IteratorResult<TracedCall, undefined>> {
    this.stop();
    return { done: true, value: undefined };
  }

  /** Returns this object: a trace can be iterated over once. */
  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Calls {@link stop}. */
  [Symbol.dispose](): void {
    this.stop();
  }

  #add(calls: readonly TracedCall[], lost: number): void {
    this.#dropped += lost;
    for (const value of calls) {
      const waiting = this.#waiting.shift();
      if (waiting) waiting({ done: false, value });
      else this.#calls.push(value);
    }
    const excess = this.#calls.length - this.#limit;
    if (excess <= 0) return;
    this.#calls = this.#calls.slice(excess);
    this.#dropped += excess;
  }

  #end(): void {
    this.#ended = true;
    for (const waiting of this.#waiting.splice(0)) waiting({ done: true, value: undefined });
  }
}

/** Returns a listener that passes each call to `callback` in the current async context. */
export function listenerFor(callback: (call: TracedCall) => void): TraceListener {
  const bound = AsyncResource.bind(callback, 'winwire.ActionTrace');
  return {
    // One tick for each call, so that an exception does not lose the others.
    calls: (calls) => {
      for (const call of calls) process.nextTick(bound, call);
    },
    end: () => {},
  };
}

function limitOf(options: unknown): number {
  const { limit = DEFAULT_LIMIT } = validateObject(options, 'options', { names: ['limit'] });
  return validateNumber(limit, 'limit', 1);
}
