/** `ProxyDispatcher`: what fetch and undici send through the machine's proxies. */
import { checkOptions, type DispatchOptions, isUpgrade } from './dispatch-options.ts';
import { DispatcherApi } from './dispatcher-api.ts';
import type { ProxyDispatcherOptions } from './dispatcher-options.ts';
import type { DispatchInit } from './dispatcher-types.ts';
import { type AnyHandler, checkHandler, toFirst } from './generations.ts';
import type { PoolStats } from './origin-pool.ts';
import { Pools } from './pools.ts';
import { undiciError } from './undici-errors.ts';

type Done = () => void;

/**
 * A dispatcher for fetch and every undici: `fetch(url, { dispatcher })`, `setGlobalDispatcher(dispatcher)`. Its requests
 * go where the machine's settings say, as the user who is logged on.
 *
 * Emits what undici's Agent emits: `connect`, `disconnect`, `connectionError`, `drain`.
 *
 * Source: undici, "Dispatcher".
 */
export class ProxyDispatcher extends DispatcherApi {
  readonly #pools: Pools;

  /** @throws {TypeError}, {RangeError} for an unknown or invalid option. */
  constructor(options?: ProxyDispatcherOptions) {
    super();
    this.#pools = new Pools(options, this);
  }

  /**
   * Sends a request and calls the handler's methods, of either generation. Errors are the handler's.
   *
   * @returns whether the caller may go on; after false, `drain` is emitted when it may.
   * @throws undici's InvalidArgumentError for a value that is not a handler.
   */
  override dispatch(options: DispatchInit, handler: object): boolean {
    const begin = this.#prepare(options as DispatchOptions, handler as AnyHandler);
    return begin ? begin() : false;
  }

  #prepare(options: DispatchOptions, handler: AnyHandler): (() => boolean) | undefined {
    if (!handler || typeof handler !== 'object') {
      throw undiciError('UND_ERR_INVALID_ARG', 'handler must be an object');
    }
    const first = toFirst(handler);
    try {
      if (!options || typeof options !== 'object') throw undiciError('UND_ERR_INVALID_ARG', 'opts must be an object.');
      checkOptions(options);
      checkHandler(handler, isUpgrade(options));
      return this.#pools.prepare(options, first);
    } catch (error) {
      if (typeof first.onError !== 'function') throw error;
      first.onError(error as Error);
      return undefined;
    }
  }

  /** Whether it takes no further requests. */
  get closed(): boolean {
    return this.#pools.isClosed;
  }

  /** Whether all its connections were ended. */
  get destroyed(): boolean {
    return this.#pools.isDestroyed;
  }

  /** Figures of its connections, by origin. */
  get stats(): Record<string, PoolStats> {
    return this.#pools.stats;
  }

  /** Takes no further requests, waits for those under way and closes the connections. */
  close(): Promise<void>;
  close(callback: Done): void;
  close(callback?: Done): Promise<void> | void {
    return settle(this.destroyed ? Promise.reject(undiciError('UND_ERR_DESTROYED')) : this.#pools.close(), callback);
  }

  /** Ends all requests with `error`, by default undici's ClientDestroyedError, and closes the connections. */
  destroy(): Promise<void>;
  destroy(error: Error | null): Promise<void>;
  destroy(callback: Done): void;
  destroy(error: Error | null, callback: Done): void;
  destroy(error?: Error | null | Done, callback?: Done): Promise<void> | void {
    const reason = error instanceof Error ? error : undiciError('UND_ERR_DESTROYED');
    return settle(this.#pools.destroy(reason), typeof error === 'function' ? error : callback);
  }
}

function settle(promise: Promise<void>, callback: unknown): Promise<void> | void {
  if (callback === undefined) return promise;
  if (typeof callback !== 'function') throw undiciError('UND_ERR_INVALID_ARG', 'invalid callback');
  promise.then(
    () => callback(null, null),
    (error: Error) => callback(error, null),
  );
}
