/** One attempt to open a connection: the stage that runs, its sockets, its time limit and its signal. */
import type { Socket } from 'node:net';
import { abortErrorOf, onAbort } from '../abort-signal.ts';
import { startTimer } from '../time-limit.ts';

type Settle<T> = (value: T) => void;

/** Begins a stage; the returned function removes its listeners. */
type Begin<T> = (resolve: Settle<T>, reject: Settle<Error>) => () => void;

/**
 * Runs the stages of an attempt one after the other. Its signal or its time limit ends the current stage at once and
 * destroys the sockets.
 */
export class Attempt {
  /** Whether the proxy has answered, or the target was reached: then a failure ends the search for a route. */
  isAnswered = false;
  /** Whether an error is not the proxy's: it reaches the caller as it is. */
  isFinal = false;
  readonly #sockets = new Set<Socket>();
  readonly #stop: () => void;
  #timer: NodeJS.Timeout | undefined;
  #error: Error | undefined;
  #reject: Settle<Error> | undefined;

  /** `limit` is in milliseconds; `Infinity` disables it. */
  constructor(signal: AbortSignal, limit: number) {
    this.#stop = onAbort(signal, () => this.fail(abortErrorOf(signal)));
    this.restart(limit);
    if (signal.aborted) this.fail(abortErrorOf(signal));
  }

  /** Replaces the time limit. */
  restart(limit: number): void {
    clearTimeout(this.#timer);
    this.#timer = startTimer(limit, () => this.fail(new AttemptTimeout(limit)));
  }

  /** Destroys this socket if the attempt fails. */
  own<S extends Socket>(socket: S): S {
    this.#sockets.add(socket);
    // An error between two stages, or after the attempt, must not end the process.
    socket.on('error', () => {});
    if (this.#error) socket.destroy();
    return socket;
  }

  /** Destroys the sockets before the attempt continues with a new one. */
  drop(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
  }

  stage<T>(begin: Begin<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#error) return void reject(this.#error);
      let clean: (() => void) | undefined;
      let isSettled = false;
      const settle =
        <V>(outcome: Settle<V>): Settle<V> =>
        (value) => {
          if (isSettled) return;
          isSettled = true;
          this.#reject = undefined;
          clean?.();
          outcome(value);
        };
      this.#reject = settle(reject);
      clean = begin(settle(resolve), settle(reject));
      if (isSettled) clean();
    });
  }

  /** Waits for a promise that may never settle; its later outcome is ignored. */
  wait<T>(promise: Promise<T>): Promise<T> {
    return this.stage<T>((resolve, reject) => {
      promise.then(resolve, reject);
      return () => {};
    });
  }

  /** Ends the attempt with its sockets. */
  fail(error: Error): void {
    this.#error ??= error;
    this.#clear();
    this.drop();
    this.#reject?.(this.#error);
  }

  /** The sockets are the caller's now. */
  succeed(): void {
    this.#clear();
    this.#sockets.clear();
  }

  #clear(): void {
    this.#stop();
    clearTimeout(this.#timer);
  }
}

/** The time limit of an attempt has passed. */
export class AttemptTimeout extends Error {
  constructor(limit: number) {
    super(`no answer within ${limit} ms`);
  }
}
