import type { Server } from 'node:net';
import type { PasswordCredentials } from '../../../lib/auth/auth-native.ts';

export const silentUser: PasswordCredentials;
export const closedUser: PasswordCredentials;
export function startSilentKdc(): Promise<{
  readonly server: Server;
  /** Closes the connections: the library then gives up. */
  hangUp(): void;
  close(): void;
}>;
