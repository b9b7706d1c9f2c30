/** Which identities have authenticated a connection by NTLM or Negotiate. */
import type { Socket } from 'node:net';
import type { AuthPeer } from './policy.ts';

const identities = new WeakMap<Socket, Map<string, string>>();

const keyOf = ({ target, origin }: AuthPeer): string => (target === 'proxy' ? 'proxy' : `server ${origin}`);

/** Returns the identity for which a connection is authenticated towards a peer; undefined if it is not. */
export const identityOn = (socket: Socket, peer: AuthPeer): string | undefined =>
  identities.get(socket)?.get(keyOf(peer));

/** Records that a connection belongs to an identity: from the first token on, not only after success. */
export function claimSocket(socket: Socket, peer: AuthPeer, identity: string): void {
  const known = identities.get(socket) ?? new Map<string, string>();
  identities.set(socket, known);
  known.set(keyOf(peer), identity);
}

/** Returns whether no other identities than these have authenticated a connection. */
export const servesOnly = (socket: Socket, allowed: readonly string[]): boolean =>
  [...(identities.get(socket)?.values() ?? [])].every((identity) => allowed.includes(identity));

/** A connection inside another one, as TLS in a tunnel, has its identities. */
export function inheritIdentities(inner: Socket, outer: Socket): void {
  const known = identities.get(outer);
  if (known) identities.set(inner, new Map(known));
}
