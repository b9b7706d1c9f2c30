// Tokens of SSPI and GSSAPI, which Apache accepts or rejects, and the failures that the KDC causes.
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type AuthPackage,
  openContext,
  type PasswordCredentials,
  readIdentity,
} from '../../../lib/auth/auth-native.ts';
import { MechanismError, type MechanismErrorCode } from '../../../lib/auth/mechanism-error.ts';
import { namesUsers, tellsFailures } from '../../helpers/mechanism-abilities.ts';
import { accountOf, logOff, logOn, principalOf, realm, type UserName } from '../../helpers/realm.ts';
import { exchangeTokens, sendToken } from '../../helpers/token-exchange.ts';

const SERVICE = 'HTTP/localhost';
const UNKNOWN_SERVICE = 'HTTP/127.0.0.1';

const inRealm = (user: UserName): PasswordCredentials => ({ ...realm.users[user], domain: realm.realm });
const inDomain = (user: UserName): PasswordCredentials => ({ ...realm.users[user], domain: realm.domain });

/** Makes the first token, and returns the error. */
async function faultOf(
  authPackage: AuthPackage,
  service: string,
  credentials?: PasswordCredentials,
): Promise<MechanismError> {
  const fault = await openContext({ package: authPackage, service, credentials })
    .then((context) => context.step())
    .then(
      () => undefined,
      (error: unknown) => error,
    );
  expect(fault).toBeInstanceOf(MechanismError);
  return fault as MechanismError;
}

const names = await namesUsers();

beforeEach(() => logOn('alice'));
afterAll(logOff);

describe('a token of the logged-on user', () => {
  it.each<[AuthPackage, string]>([
    ['Kerberos', 'kerberos'],
    ['Negotiate', 'kerberos'],
    ['Negotiate', 'negotiate'],
  ])('%s is accepted by /%s, which proves its identity', async (authPackage, folder) => {
    const result = await exchangeTokens(`${realm.server}/${folder}/x`, { package: authPackage, service: SERVICE });
    expect(result).toMatchObject({ status: 200, user: principalOf('alice'), legs: 1, done: true });
    if (names) expect(result.identity).toBe(principalOf('alice'));
  });

  it('is that of the user who has logged on since', async () => {
    if (names) expect(await readIdentity('Kerberos')).toBe(principalOf('alice'));
    await logOn('bob');
    if (names) expect(await readIdentity('Kerberos')).toBe(principalOf('bob'));
    const result = await exchangeTokens(`${realm.server}/kerberos/x`, { package: 'Kerberos', service: SERVICE });
    expect(result.user).toBe(principalOf('bob'));
    if (names) expect(result.identity).toBe(principalOf('bob'));
  });

  it('is accepted once', async () => {
    const url = `${realm.server}/kerberos/x`;
    const { status, tokens } = await exchangeTokens(url, { package: 'Kerberos', service: SERVICE });
    expect([status, tokens.length]).toEqual([200, 1]);
    expect(await sendToken(url, 'Negotiate', tokens[0] as Buffer)).toBe(401);
  });
});

describe('a token of a user with a password', () => {
  beforeEach(logOff);

  it.each<[AuthPackage, UserName]>([
    ['Kerberos', 'alice'],
    ['Kerberos', 'carol'],
    ['Negotiate', 'carol'],
  ])('%s of %s is accepted', async (authPackage, user) => {
    const options = { package: authPackage, service: SERVICE, credentials: inRealm(user) };
    const result = await exchangeTokens(`${realm.server}/kerberos/x`, options);
    expect(result).toMatchObject({ status: 200, user: principalOf(user), legs: 1, done: true });
  });

  it.each<[string, UserName]>([
    ['ntlm', 'alice'],
    ['ntlm', 'carol'],
    ['negotiate', 'carol'],
  ])('NTLM is accepted by /%s of %s', async (folder, user) => {
    const options = { package: 'NTLM', service: SERVICE, credentials: inDomain(user) } as const;
    const result = await exchangeTokens(`${realm.server}/${folder}/x`, options);
    expect(result).toMatchObject({ status: 200, user: accountOf(user), legs: 2 });
  });

  it('Negotiate becomes NTLM for a service that the KDC does not know', async () => {
    const options = { package: 'Negotiate', service: UNKNOWN_SERVICE, credentials: inDomain('carol') } as const;
    const result = await exchangeTokens(`${realm.unknownServer}/negotiate/x`, options);
    expect(result).toMatchObject({ status: 200, user: accountOf('carol'), legs: 2 });
  });

  it('NTLM with a wrong password is rejected', async () => {
    const credentials = { ...inDomain('carol'), password: 'wrong' };
    const result = await exchangeTokens(`${realm.server}/ntlm/x`, { package: 'NTLM', service: SERVICE, credentials });
    expect(result).toMatchObject({ status: 401, legs: 2 });
  });
});

describe.runIf(await tellsFailures())('a failure of Kerberos', () => {
  const wrong = { ...inRealm('alice'), password: 'wrong-password' };
  const unknown = { ...inRealm('alice'), username: 'mallory' };
  const skewed = { ...inRealm('alice'), domain: realm.skewedRealm };

  it.each<[string, MechanismErrorCode, string, PasswordCredentials | undefined]>([
    ['a wrong password', 'ERR_WINWIRE_AUTH_REJECTED', SERVICE, wrong],
    ['an unknown user', 'ERR_WINWIRE_AUTH_REJECTED', SERVICE, unknown],
    ['an expired password', 'ERR_WINWIRE_AUTH_PASSWORD_EXPIRED', SERVICE, inRealm('erin')],
    ['clocks that differ', 'ERR_WINWIRE_AUTH_CLOCK_SKEW', SERVICE, skewed],
    ['a service that the KDC does not know', 'ERR_WINWIRE_AUTH_UNKNOWN_SERVICE', UNKNOWN_SERVICE, inRealm('alice')],
    ['the same for the logged-on user', 'ERR_WINWIRE_AUTH_UNKNOWN_SERVICE', UNKNOWN_SERVICE, undefined],
    ['a realm without a KDC', 'ERR_WINWIRE_AUTH_KDC_UNREACHABLE', SERVICE, { ...wrong, domain: 'NOWHERE.TEST' }],
  ])('by %s is %s', async (_title, code, service, credentials) => {
    const fault = await faultOf('Kerberos', service, credentials);
    expect(fault.code).toBe(code);
    const texts = `${fault.message} ${(fault.cause as Error | undefined)?.message}`;
    expect(texts).not.toContain(credentials?.password ?? realm.users.alice.password);
  });

  it('with a ticket that has expired is ERR_WINWIRE_AUTH_NO_TICKET', async () => {
    await logOn('alice', 1);
    // Times of tickets are whole seconds.
    const expiry = Date.now() + 2000;
    await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(expiry), { timeout: 5000, interval: 50 });
    expect((await faultOf('Kerberos', SERVICE)).code).toBe('ERR_WINWIRE_AUTH_NO_TICKET');
  });
});

it('Kerberos without a ticket is ERR_WINWIRE_AUTH_NO_TICKET', async () => {
  await logOff();
  expect((await faultOf('Kerberos', SERVICE)).code).toBe('ERR_WINWIRE_AUTH_NO_TICKET');
});
