/** What succeeded for a peer and an identity, so that the next connection starts with an answer. */
import type { AuthScheme } from './auth-types.ts';
import type { ParsedChallenge } from './challenges.ts';
import { rememberedIdentity } from './identity.ts';
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
  JSON.stringify([target, target === 'server' ? origin : '', host, port, secure, rememberedIdentity(identity)]);

export const successFor = (peer: AuthPeer, identity: string): Success | undefined =>
  successes.get(keyOf(peer, identity));

export function rememberSuccess(peer: AuthPeer, identity: string, success: Success): void {
  const key = keyOf(peer, identity);
  successes.delete(key);
  successes.set(key, success);
  for (const [oldest] of successes) if (successes.size > MAX_SUCCESSES) successes.delete(oldest);
}

export const forgetSuccess = (peer: AuthPeer, identity: string): void => void successes.delete(keyOf(peer, identity));

/** The last challenge of proxies by URL; an empty one if the last request without credentials was answered. */
const proxyChallenges = new Map<string, readonly ParsedChallenge[]>();

/** Returns the last challenge of a proxy, empty if it did not ask; undefined if that is unknown, and for servers. */
export const lastChallengeOf = ({ target, origin }: AuthPeer): readonly ParsedChallenge[] | undefined =>
  target === 'proxy' ? proxyChallenges.get(origin) : undefined;

export function rememberChallenge({ target, origin }: AuthPeer, challenges: readonly ParsedChallenge[]): void {
  if (target !== 'proxy') return;
  proxyChallenges.set(origin, challenges);
  for (const oldest of proxyChallenges.keys()) if (proxyChallenges.size > MAX_SUCCESSES) proxyChallenges.delete(oldest);
}

/** See forgetServers. */
export function forgetPeers(): void {
  successes.clear();
  proxyChallenges.clear();
}
