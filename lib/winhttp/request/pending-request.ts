/** One `send` of a request object, from the call to its end: its promise, its waits and its events. */
import { AsyncResource } from 'node:async_hooks';
import { AbortError, onAbort } from '../../abort-signal.ts';
import type { RequestTracer } from '../../diagnostics/winhttp-channels.ts';
import { startTimer } from '../../time-limit.ts';
import { cancelled } from '../winhttp-errors.ts';

export class PendingRequest {
  /** Settles with the request. */
  readonly promise: Promise<void>;
  /** The number under which the backend speaks of it; 0 before it has one. */
  generation = 0;
  /** The backend has taken it: from now on it is told of an abort at once. */
  accepted = false;
  /** A second Send on a complete response (RQ-063): it goes nowhere, so there is nothing to tell. */
  silent = false;
  /** Who tells the subscribers of channels, if there are any. */
  tracer: RequestTracer | undefined;
  /** The async context of the `send`, for its events: those who bring them have another one. */
  readonly #context = new AsyncResource('winwire.WinHttpRequest');
  #settled = false;
  #error: Error | undefined;
  #resolve: () => void = () => {};
  #reject: (error: Error) => void = () => {};
  readonly #onSettled = new Set<(error?: Error) => void>();

  constructor() {
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  get isSettled(): boolean {
    return this.#settled;
  }

  /** Runs what emits events of this request. */
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

  /** Fails as cancelled. An error is only made for a request that is not settled: its stack takes as long as two members. */
  cancel(): void {
    if (!this.#settled) this.fail(cancelled());
  }

  /** Somebody takes the outcome elsewhere: a rejection is no unhandled one any more. */
  take(): void {
    this.promise.catch(() => {});
  }

  /** Runs when the request is settled, before anybody who awaits it. */
  whenSettled(callback: (error?: Error) => void): void {
    this.#onSettled.add(callback);
  }

  /** Waits for the end, for so many milliseconds or without end. */
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
        this.#onSettled.delete(onSettled);
        outcome();
      };
      const onSettled = () => done(() => (this.#error ? reject(this.#error) : resolve(true)));
      const timer = startTimer(milliseconds ?? Number.POSITIVE_INFINITY, () => done(() => resolve(false)));
      const stop = signal && onAbort(signal, () => done(() => reject(new AbortError(signal.reason))));
      this.#onSettled.add(onSettled);
    });
  }

  #settle(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    for (const callback of [...this.#onSettled]) callback(this.#error);
    this.#onSettled.clear();
    return true;
  }
}
