/** What succeeded for a peer and an identity, so that the next connection starts with an answer. */
import type { AuthScheme } from './auth-types.ts';
import type { DigestState } from './password-answer.ts';
import type { AuthPeer } from './policy.ts';

/** The scheme that succeeded. */
export interface Success {
  readonly scheme: AuthScheme;
  /** Of Digest. */
  readonly digest?: DigestState;
  /** The peer asks on an authenticated connection again: each request gets a token. */
  readonly isPerRequest?: boolean;
}

const MAX_SUCCESSES = 1_000;
const successes = new Map<string, Success>();

const keyOf = ({ target, origin, host, port, secure }: AuthPeer, identity: string): string =>
  JSON.stringify([target, target === 'server' ? origin : '', host, port, secure, identity]);

export const successFor = (peer: AuthPeer, identity: string): Success | undefined =>
  successes.get(keyOf(peer, identity));

export function rememberSuccess(peer: AuthPeer, identity: string, success: Success): void {
  const key = keyOf(peer, identity);
  successes.delete(key);
  successes.set(key, success);
  for (const [oldest] of successes) if (successes.size > MAX_SUCCESSES) successes.delete(oldest);
}

export const forgetSuccess = (peer: AuthPeer, identity: string): void => void successes.delete(keyOf(peer, identity));

/** Proxies that have answered a request without credentials, by URL. */
const openProxies = new Set<string>();

export const isOpenProxy = ({ origin }: AuthPeer): boolean => openProxies.has(origin);

/** Records whether a proxy answers requests without credentials. */
export function rememberOpen({ target, origin }: AuthPeer, isOpen: boolean): void {
  if (target !== 'proxy') return;
  if (!isOpen) return void openProxies.delete(origin);
  openProxies.add(origin);
  for (const oldest of openProxies) if (openProxies.size > MAX_SUCCESSES) openProxies.delete(oldest);
}
