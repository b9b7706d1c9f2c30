/** The trace of a connection, as a caller holds it. */
import { AsyncResource } from 'node:async_hooks';
import { validateNumber, validateObject } from '../options.ts';
import type { TraceListener } from './action-tracer.ts';
import type { TracedCall } from './trace-records.ts';

/** Options of WebSocketConnection.trace. */
export interface TraceOptions {
  /** Calls that wait to be taken; beyond it the oldest are dropped. Default 65,536. */
  readonly limit?: number | undefined;
}

const DEFAULT_LIMIT = 65_536;

/**
 * The calls that a connection makes of the component, from now until `stop` or its end: iterate over them. Each is given
 * once; two traces of one connection know nothing of each other.
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
    this.#limit = limitOf(options);
    this.#remove = listen({ calls: (calls, lost) => this.#add(calls, lost), end: () => this.#end() });
  }

  /** How many calls were dropped because nobody took them in time. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Ends the trace; what was recorded can still be taken. */
  stop(): void {
    this.#remove();
    // What the pump has done until now is told on the next tick.
    process.nextTick(() => this.#end());
  }

  /** The next call; waits for one. */
  next(): Promise<IteratorResult<TracedCall, undefined>> {
    const value = this.#calls.shift();
    if (value !== undefined) return Promise.resolve({ done: false, value });
    if (this.#ended) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Leaving a loop ends the trace. */
  async return(): Promise<IteratorResult<TracedCall, undefined>> {
    this.stop();
    return { done: true, value: undefined };
  }

  /** Itself: a trace is iterated over once. */
  [Symbol.asyncIterator](): this {
    return this;
  }

  /** As {@link stop}. */
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

/** A listener that passes each call to a function of the caller, in the async context that it was given in. */
export function listenerFor(callback: (call: TracedCall) => void): TraceListener {
  const bound = AsyncResource.bind(callback, 'winwire.ActionTrace');
  return {
    // Each on a tick of its own: what the function throws must not take the others with it.
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
