/** The methods of a dispatcher over its `dispatch`: undici's own. */
import { EventEmitter } from 'node:events';
import { Duplex, PassThrough, pipeline } from 'node:stream';
import { composeDispatch, withDispatch } from './compose.ts';
import type {
  DispatchCallback,
  DispatchConnectInit,
  DispatchConnection,
  DispatchInit,
  DispatchInterceptor,
  DispatchPipelineHandler,
  DispatchPipelineInit,
  DispatchRequestInit,
  DispatchResponse,
  DispatchStreamEnd,
  DispatchStreamFactory,
  DispatchUpgrade,
  DispatchUpgradeInit,
} from './dispatcher-types.ts';
import { loadApi, loadedApi, type UndiciApi } from './undici-parts.ts';

// biome-ignore lint/suspicious/noExplicitAny: the arguments of undici's functions, which validate them.
type Arguments = any[];

export abstract class DispatcherApi extends EventEmitter {
  abstract dispatch(options: DispatchInit, handler: object): boolean;

  // undici types the listeners of its events, which no list of functions fits.
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  override listeners(event: string | symbol): ((...args: any[]) => void)[] {
    // biome-ignore lint/suspicious/noExplicitAny: as above.
    return super.listeners(event) as ((...args: any[]) => void)[];
  }

  // biome-ignore lint/suspicious/noExplicitAny: as above.
  override rawListeners(event: string | symbol): ((...args: any[]) => void)[] {
    // biome-ignore lint/suspicious/noExplicitAny: as above.
    return super.rawListeners(event) as ((...args: any[]) => void)[];
  }

  /** Sends a request; the response's body is a stream with `text()`, `json()` and the like. */
  request<T = null>(options: DispatchRequestInit<T>, callback: DispatchCallback<DispatchResponse<T>>): void;
  request<T = null>(options: DispatchRequestInit<T>): Promise<DispatchResponse<T>>;
  request(...args: Arguments): unknown {
    return callApi(this, 'request', args);
  }

  /** Sends a request and writes the response's body to the stream that `factory` returns. */
  stream<T = null>(
    options: DispatchRequestInit<T>,
    factory: DispatchStreamFactory<T>,
    callback: DispatchCallback<DispatchStreamEnd<T>>,
  ): void;
  stream<T = null>(options: DispatchRequestInit<T>, factory: DispatchStreamFactory<T>): Promise<DispatchStreamEnd<T>>;
  stream(...args: Arguments): unknown {
    return callApi(this, 'stream', args);
  }

  /** Connects a request's body and its response as one stream. */
  pipeline<T = null>(options: DispatchPipelineInit<T>, handler: DispatchPipelineHandler<T>): Duplex {
    const api = loadedApi();
    if (api) return api.pipeline.call(this as never, options as never, handler as never);
    return laterPipeline(options.objectMode === true, async () =>
      (await loadApi()).pipeline.call(this as never, options as never, handler as never),
    );
  }

  /** Asks the server for a tunnel (CONNECT). */
  connect<T = null>(options: DispatchConnectInit<T>, callback: DispatchCallback<DispatchConnection<T>>): void;
  connect<T = null>(options: DispatchConnectInit<T>): Promise<DispatchConnection<T>>;
  connect(...args: Arguments): unknown {
    return callApi(this, 'connect', args);
  }

  /** Switches the connection to another protocol. */
  upgrade(options: DispatchUpgradeInit, callback: DispatchCallback<DispatchUpgrade>): void;
  upgrade(options: DispatchUpgradeInit): Promise<DispatchUpgrade>;
  upgrade(...args: Arguments): unknown {
    return callApi(this, 'upgrade', args);
  }

  /**
   * Returns a dispatcher whose requests pass through interceptors of any undici. The last one sees a request first.
   *
   * @throws {TypeError} for a value that is not an interceptor.
   */
  compose(interceptors: readonly DispatchInterceptor[]): this;
  compose(...interceptors: readonly DispatchInterceptor[]): this;
  compose(...args: readonly (DispatchInterceptor | readonly DispatchInterceptor[])[]): this {
    const interceptors = (Array.isArray(args[0]) ? args[0] : args) as readonly DispatchInterceptor[];
    return withDispatch(
      this,
      composeDispatch((options, handler) => this.dispatch(options, handler), interceptors),
    );
  }
}

function callApi(dispatcher: object, name: Exclude<keyof UndiciApi, 'pipeline'>, args: Arguments): unknown {
  const call = (api: UndiciApi) => (api[name] as (...args: Arguments) => unknown).apply(dispatcher, args);
  const api = loadedApi();
  return api ? call(api) : loadApi().then(call);
}

/** Returns a stream at once and joins it with the real one when that is there. */
function laterPipeline(objectMode: boolean, open: () => Promise<Duplex>): Duplex {
  const [writable, readable] = [new PassThrough({ objectMode }), new PassThrough({ objectMode })];
  const joined = Duplex.from({ writable, readable });
  const finish = (error?: Error | null) => {
    if (error) joined.destroy(error);
  };
  open().then((real) => pipeline(writable, real, readable, finish), finish);
  return joined;
}
