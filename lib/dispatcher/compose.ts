/** Interceptors around `dispatch`. */
import type { AnyDispatch, DispatchInterceptor } from './dispatcher-types.ts';
import { type AnyHandler, withBothFaces } from './generations.ts';

/**
 * Wraps interceptors of any generation around `dispatch`; the last one is called first, as undici does.
 *
 * @throws {TypeError} unless each interceptor is a function that returns a function of two arguments.
 */
export function composeDispatch(
  dispatch: AnyDispatch,
  interceptors: readonly (DispatchInterceptor | null | undefined)[],
): AnyDispatch {
  let composed = dispatch;
  for (const interceptor of interceptors) {
    if (interceptor === null || interceptor === undefined) continue;
    if (typeof interceptor !== 'function') {
      throw new TypeError(`invalid interceptor, expected function received ${typeof interceptor}`);
    }
    const next: unknown = interceptor(composed);
    if (typeof next !== 'function' || next.length !== 2) throw new TypeError('invalid interceptor');
    composed = (options, handler) => next(options, isObject(handler) ? withBothFaces(handler) : handler) as boolean;
  }
  return composed;
}

const isObject = (handler: unknown): handler is AnyHandler => typeof handler === 'object' && handler !== null;

/** Methods that call `this.dispatch`, and so must be called on the composed dispatcher. */
const OVER_DISPATCH = new Set<PropertyKey>(['request', 'stream', 'pipeline', 'connect', 'upgrade', 'compose']);

/** Returns the dispatcher with another `dispatch`; everything else is the dispatcher's own. */
export function withDispatch<D extends object>(dispatcher: D, dispatch: AnyDispatch): D {
  return new Proxy(dispatcher, {
    get(target, key) {
      if (key === 'dispatch') return dispatch;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' && !OVER_DISPATCH.has(key) && key !== 'constructor'
        ? value.bind(target)
        : value;
    },
  });
}
