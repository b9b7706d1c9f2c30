/**
 * Routes as text: answers of PAC scripts, `host:port`, proxy URLs. Source: MDN, Proxy Auto-Configuration (PAC) file.
 */
import type { ProxyRoute } from './types.ts';

type ProxyKind = Exclude<ProxyRoute['kind'], 'direct'>;

export const DIRECT: ProxyRoute = Object.freeze({ kind: 'direct' });

const DEFAULT_PORTS: Record<ProxyKind, number> = { http: 80, https: 443, socks4: 1080, socks5: 1080 };

// SOCKS without a version is version 4 to browsers. HTTP is Firefox's word; WinINET and Chromium skip it.
const PAC_KINDS: Readonly<Record<string, ProxyKind>> = {
  PROXY: 'http',
  HTTPS: 'https',
  SOCKS: 'socks4',
  SOCKS4: 'socks4',
  SOCKS5: 'socks5',
};

const PAC_WORDS: Record<ProxyKind, string> = { http: 'PROXY', https: 'HTTPS', socks4: 'SOCKS4', socks5: 'SOCKS5' };

const URL_KINDS: Readonly<Record<string, ProxyKind>> = {
  http: 'http',
  https: 'https',
  socks: 'socks5',
  socks4: 'socks4',
  socks4a: 'socks4',
  socks5: 'socks5',
  socks5h: 'socks5',
};

/** The user name and password of a proxy's URL, percent-decoded. */
export interface ProxyUser {
  readonly username: string;
  readonly password: string;
}

/** A parsed proxy: its route, and the user of its URL. */
export interface ParsedProxy {
  readonly route: ProxyRoute;
  readonly user?: ProxyUser;
}

/** Number of invalid entries that are named. */
export const MAX_INVALID = 10;

/**
 * Parses the answer of a PAC script: its routes, and the first invalid entries. Without a valid entry the route is direct.
 */
export function parsePacAnswer(answer: string): { routes: ProxyRoute[]; invalid: string[] } {
  const routes: ProxyRoute[] = [];
  const invalid: string[] = [];
  for (const entry of answer.split(';').map((part) => part.trim())) {
    if (entry === '') continue;
    const route = parsePacEntry(entry);
    if (route) routes.push(route);
    else if (invalid.length < MAX_INVALID) invalid.push(entry.replace(/[^\s@]*@/g, '***@'));
  }
  return { routes: routes.length > 0 ? routes : [DIRECT], invalid };
}

function parsePacEntry(entry: string): ProxyRoute | undefined {
  const [, word = '', place = ''] = /^(\w+)\s*(.*)$/s.exec(entry) ?? [];
  if (word.toUpperCase() === 'DIRECT') return place === '' ? DIRECT : undefined;
  const kind = PAC_KINDS[word.toUpperCase()];
  return kind && parsePlace(kind, place);
}

/**
 * Parses `host:port`, `[v6]:port` or a URL. `kind` applies to a text without a scheme. Returns `undefined` for an
 * invalid proxy.
 */
export function parseProxy(text: string, kind: ProxyKind = 'http'): ParsedProxy | undefined {
  const [, scheme, rest = ''] = /^([a-z][a-z\d+.-]*):\/\/(.*)$/is.exec(text) ?? [undefined, undefined, text];
  const named = scheme === undefined ? kind : URL_KINDS[scheme.toLowerCase()];
  if (named === undefined) return undefined;
  // The last @ ends the user information: passwords with an unescaped @ are common in the environment.
  const authority = rest.replace(/\/.*$/s, (path) => (path.includes('@') ? path : ''));
  const at = authority.lastIndexOf('@');
  const route = parsePlace(named, authority.slice(at + 1).replace(/\/.*$/s, ''));
  if (route === undefined) return undefined;
  const user = at < 0 ? undefined : parseUser(authority.slice(0, at));
  // A line break would end the header of Digest.
  if (user && /[\r\n\0]/.test(user.username + user.password)) return undefined;
  return user ? { route, user } : { route };
}

function parseUser(text: string): ProxyUser {
  const colon = text.indexOf(':');
  const [name, password] = colon < 0 ? [text, ''] : [text.slice(0, colon), text.slice(colon + 1)];
  return { username: percentDecode(name), password: percentDecode(password) };
}

function percentDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function parsePlace(kind: ProxyKind, text: string): ProxyRoute | undefined {
  const [, bracketed, name, digits] =
    /^(?:\[([\da-f:.]+(?:%[\w.-]+)?)\]|([\p{L}\p{M}\p{N}._-]{1,253}))(?::(\d{1,5})?)?$/iu.exec(text) ?? [];
  const host = (bracketed ?? name)?.toLowerCase();
  const port = digits === undefined ? DEFAULT_PORTS[kind] : Number(digits);
  if (host === undefined || port < 1 || port > 0xffff) return undefined;
  return Object.freeze({ kind, host, port });
}

/** A route as a PAC script writes it: `PROXY a:8080`, `DIRECT`. */
export function formatRoute(route: ProxyRoute): string {
  if (route.kind === 'direct') return 'DIRECT';
  const host = route.host.includes(':') ? `[${route.host}]` : route.host;
  return `${PAC_WORDS[route.kind]} ${host}:${route.port}`;
}
