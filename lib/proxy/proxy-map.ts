/** A static proxy setting: one proxy for all schemes, or WinINET's `http=a:1;https=b:2;socks=c:3`. */
import { MAX_INVALID, type ParsedProxy, parseProxy } from './route-text.ts';

/** The proxies of a static setting by scheme. */
export interface ProxyMap {
  readonly http?: ParsedProxy;
  readonly https?: ParsedProxy;
  /** The first invalid entries, without user information. */
  readonly invalid: readonly string[];
}

// WinINET separates entries by `;`; Chromium and Wine also accept blanks.
const SEPARATORS = /[;\s]+/;

/**
 * Parses a static setting. An entry for a scheme takes precedence over one without; `socks` is for schemes without an
 * entry.
 */
export function parseProxyMap(text: string): ProxyMap {
  const found = new Map<string, ParsedProxy>();
  const invalid: string[] = [];
  for (const entry of text.split(SEPARATORS).filter((part) => part !== '')) {
    const [, name, value = ''] = /^(https?|socks|ftp)=(.*)$/is.exec(entry) ?? [undefined, '', entry];
    const scheme = (name ?? '').toLowerCase();
    const proxy = parseProxy(value, scheme === 'socks' ? 'socks4' : 'http');
    if (proxy !== undefined) found.set(scheme, found.get(scheme) ?? proxy);
    else if (invalid.length < MAX_INVALID) invalid.push(withoutUser(entry));
  }
  const general = found.get('') ?? found.get('socks');
  const http = found.get('http') ?? general;
  const https = found.get('https') ?? general;
  return { ...(http && { http }), ...(https && { https }), invalid };
}

/** Returns an entry without user information, and without text that may be a part of it. */
export function withoutUser(entry: string): string {
  const [prefix = ''] = /^(?:[a-z]+=)?(?:[a-z][a-z\d+.-]*:\/\/)?/i.exec(entry) ?? [];
  const place = entry.slice(entry.lastIndexOf('@') + 1);
  const rest = entry.includes('@') ? place : entry.slice(prefix.length);
  const isPlace = !prefix.includes('://') || /^(?:\[[^\]]*\]|[^:]*)(?::\d*)?$/.test(rest);
  return `${prefix}${isPlace ? rest : '***'}`;
}
