/** Ranges of IP addresses: `10.0.0.1`, `10.0.0.0/8`, `10.0.0.1-10.0.0.99`, and the same for IPv6. */
import { BlockList, isIP } from 'node:net';

/** Returns whether a host is an address within the range; false for a name or an invalid range. */
export function isInRange(host: string, range: string): boolean {
  const family = isIP(host);
  if (family === 0) return false;
  const type = family === 4 ? 'ipv4' : 'ipv6';
  const list = new BlockList();
  try {
    const [first = '', last] = range.split('-');
    const [network = '', prefix] = range.split('/');
    if (last !== undefined && isIP(first) === family && isIP(last) === family) list.addRange(first, last, type);
    else if (prefix && isIP(network) === family) list.addSubnet(network, Number(prefix), type);
    else if (isIP(range) === family) list.addAddress(range, type);
    else return false;
  } catch {
    // The end is before the start, or the prefix is too long.
    return false;
  }
  return list.check(host, type);
}
