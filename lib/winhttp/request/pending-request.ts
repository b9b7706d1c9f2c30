/** One `send` of a request object: its promise, its waits and its events. */
import { AsyncResource } from 'node:async_hooks';
import { AbortError, onAbort } from '../../abort-signal.ts';
import type { RequestTracer } from '../../diagnostics/winhttp-channels.ts';
import { startTimer } from '../../time-limit.ts';
import { cancelled } from '../winhttp-errors.ts';

export class PendingRequest {
  /** Settles with the request. */
  readonly promise: Promise<void>;
  /** The number that identifies it in events of the backend; 0 before it has one. */
  generation = 0;
  /** The backend has accepted it, so it must be aborted there. */
  accepted = false;
  /** A second Send on a complete response (RQ-063): it is not sent and has no events. */
  silent = false;
  /** Publishes to the channels, if they have subscribers. */
  tracer: RequestTracer | undefined;
  /** The async context of `send`, in which its events run. */
  readonly #context = new AsyncResource('winwire.WinHttpRequest');
  #settled = false;
  #error: Error | undefined;
  #resolve: () => void = () => {};
  #reject: (error: Error) => void = () => {};
  // Created for the first callback.
  #onSettled: Set<(error?: Error) => void> | undefined;

  constructor() {
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  get isSettled(): boolean {
    return this.#settled;
  }

  /** Runs a function that emits events of this request. */
  run(event: () => void): void {
    this.#context.runInAsyncScope(event);
  }

  finish(): void {
    if (!this.#settle()) return;
    this.#resolve();
  }

  fail(error: Error): void {
    if (this.#settled) return;
    this.#error = error;
    this.#settle();
    this.#reject(error);
  }

  /** Rejects as cancelled. Creates the error only for a request that is not settled, because its stack is slow. */
  cancel(): void {
    if (!this.#settled) this.fail(cancelled());
  }

  /** Marks the promise as handled. */
  take(): void {
    this.promise.catch(() => {});
  }

  /** Calls back when the request is settled, before code that awaits it. */
  whenSettled(callback: (error?: Error) => void): void {
    this.#onSettled ??= new Set();
    this.#onSettled.add(callback);
  }

  /** Waits for the end, with or without a time limit. */
  wait(milliseconds: number | undefined, signal: AbortSignal | undefined): Promise<boolean> {
    this.take();
    if (signal?.aborted) return Promise.reject(new AbortError(signal.reason));
    if (this.#error) return Promise.reject(this.#error);
    if (this.#settled) return Promise.resolve(true);
    if (milliseconds === 0) return Promise.resolve(false);
    return new Promise((resolve, reject) => {
      const done = (outcome: () => void) => {
        clearTimeout(timer);
        stop?.();
        this.#onSettled?.delete(onSettled);
        outcome();
      };
      const onSettled = () => done(() => (this.#error ? reject(this.#error) : resolve(true)));
      const timer = startTimer(milliseconds ?? Number.POSITIVE_INFINITY, () => done(() => resolve(false)));
      const stop = signal && onAbort(signal, () => done(() => reject(new AbortError(signal.reason))));
      this.whenSettled(onSettled);
    });
  }

  #settle(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    const callbacks = this.#onSettled;
    this.#onSettled = undefined;
    for (const callback of callbacks ?? []) callback(this.#error);
    return true;
  }
}
