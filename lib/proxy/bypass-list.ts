/**
 * The bypass list of a static proxy, with Windows' grammar, and the hosts that never use a proxy. Source: Microsoft,
 * "WINHTTP_PROXY_INFO structure" and "Configure proxy server settings"; Chromium, "Proxy support in Chrome".
 */
import { BlockList, isIP } from 'node:net';
import type { RequestTarget } from './request-target.ts';

const NOT_LOOPBACK = '<-loopback>';

/** Splits a list at `;` and blanks. A comma separates nothing, as in Windows. */
export function splitBypassList(text: string): string[] {
  return text.split(/[;\s]+/).filter((entry) => entry !== '');
}

/** Returns whether the target bypasses the proxy, by the list or because its host is always direct. */
export function isBypassed(target: RequestTarget, list: readonly string[]): boolean {
  const entries = list.map((entry) => entry.trim().toLowerCase());
  if (!entries.includes(NOT_LOOPBACK) && isLocalTarget(target)) return true;
  return entries.some((entry) => matchesEntry(target, entry));
}

const LOCAL = new BlockList();
LOCAL.addSubnet('127.0.0.0', 8, 'ipv4');
LOCAL.addSubnet('169.254.0.0', 16, 'ipv4');
LOCAL.addAddress('::1', 'ipv6');
LOCAL.addSubnet('fe80::', 10, 'ipv6');

/** Returns whether the host is direct with any setting: Chromium's set, which is larger than WinINET's. */
export function isLocalTarget({ host }: RequestTarget): boolean {
  const family = isIP(host);
  if (family !== 0) return LOCAL.check(host, family === 4 ? 'ipv4' : 'ipv6');
  return host === 'localhost' || host.endsWith('.localhost');
}

function matchesEntry({ scheme, host, port }: RequestTarget, entry: string): boolean {
  if (entry === '<local>') return !host.includes('.') && !host.includes(':');
  const [, onlyScheme, pattern = ''] = /^(?:([a-z][a-z\d+.-]*):\/\/)?(.*)$/s.exec(entry) ?? [];
  if (onlyScheme !== undefined && onlyScheme !== scheme) return false;
  const [, name = '', onlyPort] = /^(.*?)(?::(\d+))?$/s.exec(isIP(pattern) === 6 ? `[${pattern}]` : pattern) ?? [];
  if (onlyPort !== undefined && Number(onlyPort) !== port) return false;
  const hostPattern = name.replace(/^\[|\]$/g, '');
  // A leading dot means `*.`, as in Internet Options.
  return hostPattern !== '' && matchesWildcards(host, hostPattern.startsWith('.') ? `*${hostPattern}` : hostPattern);
}

/** `*` matches any characters. Takes time in proportion to text and pattern. */
export function matchesWildcards(text: string, pattern: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return text === pattern;
  const last = rest.pop() ?? '';
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  let position = first.length;
  const end = text.length - last.length;
  for (const part of rest) {
    const found = text.indexOf(part, position);
    if (found < 0 || found + part.length > end) return false;
    position = found + part.length;
  }
  return true;
}
