/** The identity of credentials, by which connections are kept apart. */
import { createHmac, randomBytes } from 'node:crypto';
import type { Permission } from './policy.ts';
import type { TokenSource } from './token-source.ts';

const key = randomBytes(32);

/**
 * Returns the identity of what may be sent, `''` for nothing. That of a user with a password contains neither: another
 * password is another identity, so a caller with a wrong one never uses a connection that the right one authenticated.
 * The name of the logged-on user is read anew.
 */
export async function identityOf(permission: Permission | undefined, tokens: TokenSource): Promise<string> {
  if (!permission) return '';
  const { credentials, schemes } = permission;
  if (credentials !== 'default') {
    const { username, password, domain = '' } = credentials;
    const text = JSON.stringify([username, domain, password]);
    return `user ${createHmac('sha256', key).update(text).digest('base64url')}`;
  }
  const scheme = schemes.includes('Negotiate') ? 'Negotiate' : schemes.includes('Kerberos') ? 'Kerberos' : 'NTLM';
  // Without a name it is not '': the user may log on before the first token is made.
  return defaultIdentity(await tokens.identity(scheme).catch(() => undefined));
}

/** Returns the identity of the logged-on user with this name. */
export const defaultIdentity = (name: string | undefined): string => (name === undefined ? UNNAMED : `default ${name}`);

const UNNAMED = 'default ?';
let count = 0;

/** Returns an identity that no other connection has: a mechanism that names no user may stand for another one next time. */
export const unnamedIdentity = (): string => `${UNNAMED}${++count}`;

export const isUnnamed = (identity: string | undefined): boolean => identity?.startsWith(UNNAMED) === true;

/** Returns by which identity a scheme that succeeded is remembered: it says nothing of the user. */
export const rememberedIdentity = (identity: string): string => (isUnnamed(identity) ? UNNAMED : identity);
