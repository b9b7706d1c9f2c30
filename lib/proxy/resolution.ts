/**
 * Creates resolutions, and stores what they must not show: credentials of routes, and whether a route may get the
 * user's identity.
 */
import type { WinwireError } from '../errors.ts';
import { DIRECT, formatRoute, type ParsedProxy, type ProxyUser } from './route-text.ts';
import type { ProxyResolution, ProxyRoute } from './types.ts';

/**
 * Private data of a route. `settings`: the machine's settings contain it, so it may get default credentials. `wpad`: it
 * was found by WPAD, which any machine on the network can answer.
 */
export interface RouteSecrets {
  readonly user?: ProxyUser;
  readonly namedBy: 'caller' | 'settings' | 'wpad';
}

// Private, because a callback can create a resolution that looks like ours, but not an entry here.
const secrets = new WeakMap<ProxyRoute, RouteSecrets>();

/** Returns the private data of a route of `resolveProxy`; any other route counts as the caller's. */
export const secretsOf = (route: ProxyRoute): RouteSecrets => secrets.get(route) ?? { namedBy: 'caller' };

/** Returns a route with private data; the direct route is returned unchanged. */
export function markRoute({ route, user }: ParsedProxy, namedBy: RouteSecrets['namedBy']): ProxyRoute {
  if (route.kind === 'direct') return route;
  const marked = Object.freeze({ ...route });
  secrets.set(marked, user ? { user, namedBy } : { namedBy });
  return marked;
}

class Resolution implements ProxyResolution {
  readonly routes: readonly ProxyRoute[];
  readonly source: ProxyResolution['source'];
  readonly by: ProxyResolution['by'];
  readonly pacUrl?: string;
  readonly warnings: readonly WinwireError[];

  constructor({ routes, source, by, pacUrl, warnings }: ResolutionParts) {
    this.routes = Object.freeze([...routes]);
    this.source = source;
    this.by = by;
    if (pacUrl !== undefined) this.pacUrl = pacUrl;
    this.warnings = Object.freeze([...warnings]);
    Object.freeze(this);
  }

  toString(): string {
    return this.routes.map(formatRoute).join('; ');
  }
}

type ResolutionParts = Omit<ProxyResolution, 'toString'>;

export const makeResolution = (parts: ResolutionParts): ProxyResolution => new Resolution(parts);

/** Returns the resolution of a target without a proxy. */
export const directResolution = (
  source: ProxyResolution['source'],
  by: ProxyResolution['by'],
  warnings: readonly WinwireError[],
): ProxyResolution => makeResolution({ routes: [DIRECT], source, by, warnings });

/** How long a failed route is tried last, in milliseconds. */
const FAILED_TIME = 5 * 60_000;
const MAX_FAILED = 1_000;
const failedUntil = new Map<string, number>();

/** Records that connecting by this route failed. */
export function reportFailedRoute(route: ProxyRoute): void {
  const key = formatRoute(route);
  failedUntil.delete(key);
  failedUntil.set(key, performance.now() + FAILED_TIME);
  for (const [oldest] of failedUntil) if (failedUntil.size > MAX_FAILED) failedUntil.delete(oldest);
}

/** Records that connecting by this route succeeded. */
export const reportWorkingRoute = (route: ProxyRoute): void => void failedUntil.delete(formatRoute(route));

/** See forgetServers. */
export const forgetFailures = (): void => failedUntil.clear();

/** Returns the same routes, recently failed ones last. */
export function orderByFailures(routes: readonly ProxyRoute[]): readonly ProxyRoute[] {
  if (failedUntil.size === 0 || routes.length < 2) return routes;
  const now = performance.now();
  const hasFailed = (route: ProxyRoute) => (failedUntil.get(formatRoute(route)) ?? 0) > now;
  const working = routes.filter((route) => !hasFailed(route));
  return working.length === routes.length ? routes : [...working, ...routes.filter(hasFailed)];
}
