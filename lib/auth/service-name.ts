/** The service name of a peer. Source: RFC 4559 section 4.1. */
import { resolveCname } from 'node:dns/promises';
import { isIP } from 'node:net';
import { invalidArgumentValue } from '../errors.ts';
import type { Challenge } from './auth-types.ts';
import type { ServicePrincipalNames } from './policy.ts';

/** Limits a chain of names that point to each other. */
const MAX_ALIASES = 8;

/** Returns `HTTP/host`, without a port. */
export async function servicePrincipalNameOf(challenge: Challenge, names: ServicePrincipalNames): Promise<string> {
  const { host } = challenge;
  if (typeof names === 'function') return parseName(names(challenge) ?? named(host));
  return named(names === 'canonical' ? await canonicalName(host) : host);
}

const named = (host: string): string => `HTTP/${host.replace(/\.$/, '')}`;

/** Follows aliases (CNAME); a name that cannot be looked up stays as it is. */
async function canonicalName(host: string): Promise<string> {
  let name = host;
  for (let i = 0; i < MAX_ALIASES && isIP(name) === 0; i++) {
    const [alias] = await resolveCname(name).catch(() => []);
    if (alias === undefined) return name;
    name = alias;
  }
  return name;
}

function parseName(name: unknown): string {
  if (typeof name === 'string' && /^[!-~]+$/.test(name)) return name;
  const expected = "a function that returns a service name such as 'HTTP/proxy.example', or undefined";
  throw invalidArgumentValue('servicePrincipalName', expected, name);
}
