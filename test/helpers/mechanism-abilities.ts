// What the mechanism of this run can do. SSPI of Wine 8 has one status for all failures of Kerberos, and no names of users; a
// later Wine may differ, so it is tried.
import { openContext, readIdentity } from '../../lib/auth/auth-native.ts';
import { logOff, logOn, principalOf, realm } from './realm.ts';
import { exchangeTokens } from './token-exchange.ts';

// Everywhere else a missing answer is a failure of the suite.
const mayLack = process.platform === 'win32';

/** Returns whether the mechanism names the logged-on user. */
export async function namesUsers(): Promise<boolean> {
  if (!mayLack) return true;
  await logOn('alice');
  const name = await readIdentity('Kerberos').catch(() => undefined);
  await logOff();
  return name !== undefined;
}

/** Returns whether the mechanism gives the reason of a failure: here that the KDC does not know the user. */
export async function tellsFailures(): Promise<boolean> {
  if (!mayLack) return true;
  const credentials = { username: 'mallory', password: 'any', domain: realm.realm };
  const failed = openContext({ package: 'Kerberos', service: 'HTTP/localhost', credentials }).then((context) =>
    context.step().finally(() => context.close()),
  );
  return failed.then(
    () => true,
    (error) => error.code !== 'ERR_WINWIRE_AUTH_MECHANISM',
  );
}

/** Returns whether a password leaves the tickets of the logged-on user alone: Wine 8 replaces them. */
export async function keepsTickets(): Promise<boolean> {
  if (!mayLack) return true;
  await logOn('alice');
  const url = `${realm.server}/kerberos/x`;
  const options = { package: 'Kerberos', service: 'HTTP/localhost' } as const;
  const { username, password } = realm.users.bob;
  await exchangeTokens(url, { ...options, credentials: { username, password, domain: realm.realm } });
  const { user } = await exchangeTokens(url, options);
  await logOff();
  return user === principalOf('alice');
}
