/** The public types of `resolveProxy`. */
import type { BackendName } from '../backend.ts';
import type { WinwireError } from '../errors.ts';

/** One way to reach a server: directly, or through a proxy. `host` has no brackets, also for IPv6. */
export type ProxyRoute =
  | { readonly kind: 'direct' }
  | { readonly kind: 'http' | 'https' | 'socks4' | 'socks5'; readonly host: string; readonly port: number };

/**
 * Where the settings come from.
 *
 * - `'system'`: the settings of the machine and its user.
 * - `'environment'`: HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY.
 * - `'environment-then-system'`: the environment for each scheme that it names a proxy for, else the system.
 * - `{ pac }`: a script, as an http:, https:, file: or data: URL.
 * - `{ proxy, bypass }`: `host:port`, a URL (http:, https:, socks4:, socks5:) or WinINET's `http=a:1;https=b:2;socks=c:3`;
 *   `bypass` has Windows' grammar: wildcards, ports, schemes, `<local>`, `<-loopback>`.
 */
export type ProxySource =
  | 'environment-then-system'
  | 'system'
  | 'environment'
  | { readonly pac: string | URL }
  | { readonly proxy: string; readonly bypass?: readonly string[] };

/**
 * The option `proxy` of connections and requests: a source, `'direct'`, or a function that is called for each URL and
 * returns a resolution.
 */
export type ProxyOption =
  | ProxySource
  | 'direct'
  | ((url: URL, signal: AbortSignal) => ProxyResolution | Promise<ProxyResolution>);

/** The answer of `resolveProxy`. It is frozen, and contains no user name, password or query. */
export interface ProxyResolution {
  /** The routes in the order to try them; at least one. */
  readonly routes: readonly ProxyRoute[];
  /** The source of the proxy. */
  readonly source: 'option' | 'environment' | 'policy' | 'user' | 'machine' | 'none';
  /** How the routes were found. */
  readonly by: 'static' | 'pac' | 'wpad' | 'bypass' | 'none';
  /** The script that answered, without user information and query. */
  readonly pacUrl?: string;
  /** Problems that did not prevent an answer: an unreachable script, an invalid entry. */
  readonly warnings: readonly WinwireError[];
  /** The routes as a PAC script writes them: `PROXY a:8080; DIRECT`. */
  toString(): string;
}

/** Options of `resolveProxy`. */
export interface ResolveProxyOptions {
  /** The backend that reads the system's settings and runs scripts. Default: WINWIRE_BACKEND, else the platform's. */
  readonly backend?: BackendName;
  /** Default: `'environment-then-system'`. */
  readonly from?: ProxySource;
  /** Ends the wait. */
  readonly signal?: AbortSignal;
  /** Limit of the call in milliseconds; default 5000. `Infinity` disables it. */
  readonly timeout?: number;
}
