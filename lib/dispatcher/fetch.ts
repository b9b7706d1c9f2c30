/** `fetch` through the machine's proxies. */
import { invalidOptions } from '../errors.ts';
import { ProxyDispatcher } from './proxy-dispatcher.ts';

type Fetch = typeof globalThis.fetch;

let shared: ProxyDispatcher | undefined;

/** Their fetch takes no dispatcher, and would go directly. */
const isForeign = 'bun' in process.versions || 'deno' in process.versions;

/** Node's own, also where a program makes this module's fetch the global one. */
const atStart: Fetch | undefined = globalThis.fetch;

/**
 * The global fetch, whose requests go where the machine's settings say: its FormData, Request and Response are the
 * global ones. A `dispatcher` in `init` is used instead.
 *
 * @param input a URL, or a Request.
 * @param init as the global fetch takes it.
 * @returns the response; it rejects with the global fetch's TypeError, whose `cause` says why. The code is
 *   ERR_INVALID_ARG_VALUE for `proxy` or `proxyCredentials` without a `dispatcher`: the global fetch would ignore them.
 *
 * Source: WHATWG Fetch, "Fetch method".
 */
export function fetch(input: Parameters<Fetch>[0], init?: Parameters<Fetch>[1]): ReturnType<Fetch>;
export function fetch(...args: unknown[]): ReturnType<Fetch> {
  if (isForeign) return Promise.reject(new TypeError(NOT_HERE));
  const current = globalThis.fetch as unknown;
  const call = (current === fetch ? atStart : current) as (...args: unknown[]) => ReturnType<Fetch>;
  if (args.length === 0) return call();
  const [input, init] = args;
  const fault = ignoredOption(init);
  return fault ? Promise.reject(fault) : call(input, withDispatcher(init));
}

/** Returns the error for an option that names a way, and that the global fetch would ignore. */
function ignoredOption(init: unknown): TypeError | undefined {
  const given = (init ?? {}) as Readonly<Record<string, unknown>>;
  const name = given.dispatcher ? undefined : ['proxy', 'proxyCredentials'].find((each) => given[each] !== undefined);
  return name === undefined
    ? undefined
    : invalidOptions(`fetch has no option "${name}". Pass { dispatcher: new ProxyDispatcher({ ${name}: … }) }.`);
}

const NOT_HERE = 'fetch of winwire needs Node.js. Elsewhere use ProxyDispatcher, or "winwire proxy -- COMMAND".';

function withDispatcher(init: unknown): unknown {
  // fetch itself rejects a value that is not an object.
  if (init !== undefined && init !== null && typeof init !== 'object' && typeof init !== 'function') return init;
  if ((init as { dispatcher?: unknown } | null | undefined)?.dispatcher) return init;
  shared ??= new ProxyDispatcher();
  const prototype: unknown = init ? Object.getPrototypeOf(init) : null;
  if (prototype === null || prototype === Object.prototype) return { ...init, dispatcher: shared };
  // The members of a Request, for one, are inherited getters that want their own object.
  const dispatcher = shared;
  return new Proxy(init as object, {
    get: (target, key) => (key === 'dispatcher' ? dispatcher : Reflect.get(target, key, target)),
  });
}
