/**
 * NO_PROXY, with the grammar of Node.js: names, `.suffix`, `*.suffix`, addresses, address ranges, ports, `*`. Source:
 * Node.js, "Built-in Proxy Support".
 */
import { isInRange } from './address-range.ts';
import type { RequestTarget } from './request-target.ts';

/** Returns whether the list excludes the target from the proxies of the environment. */
export function isExcluded(target: RequestTarget, list: string): boolean {
  return list
    .toLowerCase()
    .split(/[,\s]+/)
    .some((entry) => entry !== '' && matchesEntry(target, entry));
}

function matchesEntry({ host, port }: RequestTarget, entry: string): boolean {
  if (entry === '*') return true;
  const [, place = '', onlyPort] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(entry) ?? [undefined, entry];
  if (onlyPort !== undefined && Number(onlyPort) !== port) return false;
  const name = place.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (name.startsWith('*.')) return name.length > 2 && host.endsWith(name.slice(1));
  // A leading dot includes the domain itself, as in Node.js and curl.
  if (name.startsWith('.')) return name.length > 1 && (host === name.slice(1) || host.endsWith(name));
  return name !== '' && (host === name || isInRange(host, name));
}
