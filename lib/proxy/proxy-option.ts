/** The option `proxy` of connections and requests. */
import type { BackendName } from '../backend.ts';
import { invalidArgumentType, invalidArgumentValue } from '../errors.ts';
import { orderByFailures } from './resolution.ts';
import { parseProxySource } from './resolve-options.ts';
import { DIRECT } from './route-text.ts';
import type { ProxyOption, ProxyResolution, ProxyRoute, ProxySource } from './types.ts';

/** @throws {TypeError} for a value that is not a {@link ProxyOption}. */
export function validateProxyOption(value: unknown): ProxyOption {
  if (value !== 'direct' && typeof value !== 'function') parseProxySource(value, 'proxy');
  return value as ProxyOption;
}

/** The routes of a URL, in the order to try them, and who named them. */
export type Routing = Pick<ProxyResolution, 'routes' | 'source' | 'by'>;

/** How many routes are tried: a script can name thousands, each of which may take seconds to fail. */
const MAX_ROUTES = 20;

const DIRECT_ROUTING: Routing = { routes: [DIRECT], source: 'none', by: 'none' };

/**
 * Returns the routes of a URL to try, recently failed ones last.
 *
 * @throws as `resolveProxy` and the caller's function do.
 */
export async function routingOf(
  option: ProxyOption,
  url: URL,
  backend: BackendName | undefined,
  signal: AbortSignal,
): Promise<Routing> {
  if (option === 'direct') return DIRECT_ROUTING;
  if (typeof option !== 'function') {
    proxyLookup ??= import('./proxy-lookup.ts');
    const { lookUpProxy } = await proxyLookup;
    const { routes, source, by } = await lookUpProxy(url, { from: option as ProxySource, backend, signal });
    return { routes: routes.slice(0, MAX_ROUTES), source, by };
  }
  // The caller's code runs after the start of the look-up, whose signal it may abort.
  await undefined;
  signal.throwIfAborted();
  const { routes, source = 'option', by = 'none' } = (await option(url, signal)) ?? {};
  if (!Array.isArray(routes)) throw invalidArgumentType('proxy', 'a function that returns a resolution', routes);
  if (routes.length === 0 || !routes.every(isRoute)) {
    throw invalidArgumentValue('proxy', 'a function whose resolution has routes { kind, host, port }', routes);
  }
  return { routes: orderByFailures(routes).slice(0, MAX_ROUTES), source, by };
}

/** Loaded with the first look-up: doors validate the option when the package's entry is imported. */
let proxyLookup: Promise<typeof import('./proxy-lookup.ts')> | undefined;

/** Returns the routes alone. */
export async function routesOf(...parameters: Parameters<typeof routingOf>): Promise<readonly ProxyRoute[]> {
  return (await routingOf(...parameters)).routes;
}

function isRoute(route: unknown): route is ProxyRoute {
  const { kind, host, port } = (route ?? {}) as Record<string, unknown>;
  if (kind === 'direct') return true;
  const isPlace = typeof host === 'string' && /^[^\s/?#@[\]\\]+$/.test(host) && Number.isInteger(port);
  const isPort = Number(port) > 0 && Number(port) <= 0xffff;
  return ['http', 'https', 'socks4', 'socks5'].includes(kind as string) && isPlace && isPort;
}
