/** The proxy of a request by SetProxy. Source: RQ statements on SetProxy; Microsoft, "Netsh.exe Commands". */
import { isBypassed, splitBypassList } from './bypass-list.ts';
import { environmentProxy } from './environment.ts';
import { proxyFailure } from './proxy-errors.ts';
import type { RequestTarget } from './request-target.ts';
import { secretsOf } from './resolution.ts';
import { formatRoute, type ParsedProxy, parseProxy } from './route-text.ts';
import type { ProxyRoute } from './types.ts';

/** A proxy that is connected to by http:, with the user and password of its URL. */
export interface ProxyServer {
  /** Empty if the setting contains no host. */
  readonly host: string;
  readonly port: number;
  readonly userName: string | undefined;
  readonly password: string;
  /** The route, if the setting is valid: the object itself has private data. */
  readonly route?: ProxyRoute;
}

/** The arguments of SetProxy. */
export interface ProxyChoice {
  readonly setting: number;
  readonly server: string;
  readonly bypass: string;
}

export const PRECONFIG = 0;
export const NAMED = 2;

export const NO_CHOICE: ProxyChoice = { setting: PRECONFIG, server: '', bypass: '' };

export function proxyFor(
  target: RequestTarget,
  choice: ProxyChoice,
  environment: NodeJS.ProcessEnv | undefined,
): ProxyServer | undefined {
  if (choice.setting === NAMED) {
    // SetProxy's list names loopback addresses itself.
    const list = ['<-loopback>', ...splitBypassList(choice.bypass)];
    return isBypassed(target, list) ? undefined : namedProxy(target, choice.server);
  }
  if (choice.setting !== PRECONFIG || !environment) return undefined;
  const { proxy, isExcluded, invalid } = environmentProxy(target, environment);
  if (isExcluded) return undefined;
  if (proxy) return serverOf(proxy);
  return invalid.length > 0 ? NO_HOST : undefined;
}

/** A proxy setting without a host: the request fails, because it must not bypass the proxy. */
const NO_HOST: ProxyServer = { host: '', port: 80, userName: undefined, password: '' };
/** Schemes with separate entries; an entry of `socks` is for all other schemes. */
const OTHER_SCHEME = /^(?:https?|ftp|gopher)$/;

/** Parses `host:port` or `http=a:80;https=b:88`: the entry of the scheme, otherwise the one without a scheme. */
function namedProxy({ scheme }: RequestTarget, server: string): ProxyServer | undefined {
  const entries = server.split(/[;\s]+/).map(entryOf);
  const own = entries.find((entry) => entry.scheme === scheme) ?? entries.find((entry) => entry.scheme === undefined);
  if (own) return own.server;
  const isListOfOthers = entries.some((entry) => OTHER_SCHEME.test(entry.scheme ?? '') && entry.server.host !== '');
  const hasSocks = entries.some((entry) => entry.scheme === 'socks');
  return isListOfOthers && !hasSocks ? undefined : NO_HOST;
}

interface Entry {
  readonly scheme: string | undefined;
  readonly server: ProxyServer;
}

function entryOf(text: string): Entry {
  const [name = '', value] = text.split('=', 2);
  // Without name and value: the end of a list, or an empty list.
  if (text === '') return { scheme: '', server: NO_HOST };
  return value === undefined
    ? { scheme: undefined, server: serverOf(parseProxy(name)) }
    : { scheme: name.toLowerCase(), server: serverOf(parseProxy(value)) };
}

/** WinHttpRequest connects to proxies by http: only. */
function serverOf(proxy: ParsedProxy | undefined): ProxyServer {
  if (proxy?.route.kind !== 'http') return NO_HOST;
  const { host, port } = proxy.route;
  return { host, port, userName: proxy.user?.username, password: proxy.user?.password ?? '', route: proxy.route };
}

/**
 * Returns the proxy of a route; undefined for the direct one.
 *
 * @throws {WinwireError} ERROR_NOT_SUPPORTED for a route that SetProxy cannot express.
 */
export function serverOfRoute(route: ProxyRoute): ProxyServer | undefined {
  if (route.kind === 'direct') return undefined;
  const { user } = secretsOf(route);
  if (route.kind === 'http') return serverOf({ route, ...(user && { user }) });
  const detail = `the route ${formatRoute(route)} cannot be used: WinHttpRequest connects to proxies by http: only`;
  throw proxyFailure('ERROR_NOT_SUPPORTED', detail);
}
