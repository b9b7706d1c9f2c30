/** The option `proxy` of `WinHttpRequest`: SetProxy's arguments, or a source that is used for each URL. */
import type { BackendName } from '../../backend.ts';
import { HResult } from '../../hresult.ts';
import type { ProxyOption } from '../../proxy/types.ts';
import { validUrl } from '../../valid-url.ts';
import type { FindProxies, RequestSpec } from '../request-object.ts';
import { failureOf } from '../winhttp-errors.ts';
import { firstReachable } from './reachable-proxy.ts';
import { ProxySetting } from './winhttp-types.ts';

/** An object with one of these members, or an empty one, contains SetProxy's arguments. */
const SET_PROXY = ['server', 'setting', 'bypass'];

/** Returns whether a value is a source, a function or `'direct'`; otherwise it has SetProxy's arguments. */
export function isProxyOption(value: unknown): value is ProxyOption {
  if (typeof value !== 'object' || value === null) return value !== undefined && value !== null;
  return ('pac' in value || 'proxy' in value) && !SET_PROXY.slice(0, 2).some((name) => name in value);
}

/**
 * Returns the function that finds the proxies of a URL.
 *
 * @throws {TypeError} for a value that is not a ProxyOption.
 */
export async function findProxiesBy(option: ProxyOption, backend: BackendName): Promise<FindProxies> {
  // Loaded here: most requests have no source.
  const { routesOf, validateProxyOption } = await import('../../proxy/proxy-option.ts');
  const { serverOfRoute } = await import('../../proxy/set-proxy.ts');
  const { reportFailedRoute } = await import('../../proxy/resolution.ts');
  const checked = validateProxyOption(option);
  return async (url, signal) => {
    const target = validUrl(url);
    if (!target) throw failureOf('Send', HResult.ERROR_WINHTTP_INVALID_URL, { detail: NO_LOOKUP });
    const [first, ...others] = await routesOf(checked, target, backend, signal);
    if (first === undefined) return [{ server: undefined, reportFailure() {} }];
    // The first route decides: omitting it would bypass a proxy.
    const usable = [first, ...others.filter(({ kind }) => kind === 'direct' || kind === 'http')];
    return usable.map((route) => ({
      server: serverOfRoute(route),
      reportFailure: () => reportFailedRoute(route),
    }));
  };
}

const NO_LOOKUP = 'a source of proxies needs a URL that the class URL accepts';

/** The arguments of SetProxy and SetCredentials for a found proxy. */
type Settings = Pick<RequestSpec, 'credentials'> & { readonly proxy: NonNullable<RequestSpec['proxy']> };

/** Finds the proxy of a URL, for a backend that needs it before Send. */
export async function proxySettingsFor(find: FindProxies, url: string, signal: AbortSignal): Promise<Settings> {
  const found = await firstReachable(await find(url, signal), signal);
  const server = found?.server;
  if (server === undefined) return { proxy: [ProxySetting.DIRECT, undefined, undefined], credentials: [] };
  const { host, port, userName, password } = server;
  const place = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  return {
    proxy: [ProxySetting.PROXY, place, undefined],
    credentials: userName === undefined ? [] : [[userName, password, 1]],
  };
}
