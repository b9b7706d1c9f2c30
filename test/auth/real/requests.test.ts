// WinHttpRequest and Apache: who the server learns of, and what a failure is.
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { AuthenticationError } from '../../../lib/auth/authentication-error.ts';
import { HResult, WinwireError } from '../../../lib/index.ts';
import { accountOf, chooseNtlmUser, loggedBy, logOff, logOn, principalOf, realm } from '../../helpers/realm.ts';
import { byAccount, byName, byPrincipal, type Requester, requestFromRealm } from '../../helpers/realm-request.ts';

const backend = 'portable';
let last = 0;
const newId = () => `request-${++last}`;

/** The log's entries of a request: user and status of each time that it arrived. */
async function arrivals(id: string, count: number): Promise<[string, number][]> {
  const entries = await loggedBy('apache', ({ request }) => request === id, count);
  return entries.map(({ user, status }) => [user, status]);
}

beforeEach(() => logOn('alice'));
afterAll(logOff);

describe('the logged-on user', () => {
  it('is known to a server by one token, and a body arrives once', async () => {
    const id = newId();
    const url = `${realm.server}/kerberos/x`;
    const { answer } = await requestFromRealm({ backend, url, as: 'logged-on', body: 'abcdef', id });
    expect(answer).toMatchObject({ user: principalOf('alice'), method: 'POST', body: { length: 6 } });
    const seen = await arrivals(id, 1);
    expect(seen.filter(([, status]) => status === 200)).toEqual([[principalOf('alice'), 200]]);
    expect(seen.length).toBeLessThanOrEqual(2);
  });

  it('is known to a server with TLS, whose certificate binds the token', async () => {
    const url = `${realm.secureServer}/kerberos/x`;
    expect(await requestFromRealm({ backend, url, as: 'logged-on' })).toMatchObject({ user: principalOf('alice') });
  });

  it('is not named to a server without a policy that allows it', async () => {
    const id = newId();
    expect((await requestFromRealm({ backend, url: `${realm.server}/kerberos/x`, id })).status).toBe(401);
    expect(await arrivals(id, 1)).toEqual([['-', 401]]);
  });

  it('is the one who has logged on since the last request', async () => {
    const url = `${realm.server}/negotiate/x`;
    const user = async () => (await requestFromRealm({ backend, url, as: 'logged-on' })).user;
    expect([await user(), await user()]).toEqual([principalOf('alice'), principalOf('alice')]);
    await logOn('bob');
    expect([await user(), await user()]).toEqual([principalOf('bob'), principalOf('bob')]);
    await logOn('alice');
    expect(await user()).toBe(principalOf('alice'));
  });

  it('is not known to the target of a redirect, which gets no Authorization', async () => {
    await requestFromRealm({ backend, url: `${realm.server}/kerberos/x`, as: 'logged-on' });
    const { answer } = await requestFromRealm({ backend, url: `${realm.server}/redirect/y`, as: 'logged-on' });
    expect(answer).toMatchObject({ url: '/y', user: '' });
    expect(Object.keys(answer?.headers ?? {})).not.toContain('authorization');
  });
});

describe('a user with a password', () => {
  beforeEach(logOff);

  it.each<[string, string, Requester, string]>([
    ['Kerberos', 'kerberos', byPrincipal('alice'), principalOf('alice')],
    ['Kerberos', 'kerberos', byPrincipal('carol'), principalOf('carol')],
    ['Kerberos', 'negotiate', byPrincipal('carol'), principalOf('carol')],
    ['NTLM', 'ntlm', byAccount('carol'), accountOf('carol')],
    ['NTLM', 'negotiate', byAccount('alice'), accountOf('alice')],
    ['Digest', 'digest', byName('carol'), 'carol'],
    ['Basic', 'basic', byName('carol'), 'carol'],
  ])('is known by %s to /%s', async (_scheme, folder, requester, user) => {
    const url = `${realm.server}/${folder}/x`;
    const { answer } = await requestFromRealm({ backend, url, as: requester, body: 'abcdef' });
    expect(answer).toMatchObject({ user, method: 'POST', body: { length: 6 } });
  });

  it('is known by NTLM inside Negotiate to a server whose service the KDC does not know', async () => {
    const url = `${realm.unknownServer}/negotiate/x`;
    expect((await requestFromRealm({ backend, url, as: byAccount('carol') })).user).toBe(accountOf('carol'));
  });

  it.each<[string, Requester]>([
    ['ntlm', { ...byAccount('carol'), password: 'wrong' }],
    ['digest', { ...byName('carol'), password: 'wrong' }],
    ['basic', { ...byName('carol'), password: 'wrong' }],
  ])('gets the 401 of /%s for a wrong password, which is tried once', async (folder, requester) => {
    const id = newId();
    const url = `${realm.server}/${folder}/x`;
    expect((await requestFromRealm({ backend, url, as: requester, id })).status).toBe(401);
    // The question; NTLM's first message; the password.
    const expected = folder === 'ntlm' ? 3 : 2;
    const seen = await arrivals(id, expected);
    expect(seen).toEqual(Array.from({ length: expected }, () => [expect.any(String), 401]));
  });
});

describe('a user that Kerberos rejects', () => {
  const skewed = { ...byPrincipal('alice'), name: `alice@${realm.skewedRealm}` };

  // Negotiate then tries NTLM, which this server rejects.
  it.each<[string, Requester]>([
    ['a wrong password', { ...byPrincipal('alice'), password: 'wrong' }],
    ['an expired password', byPrincipal('erin')],
    ['clocks that differ', skewed],
  ])('gets the 401 of a server with Kerberos only, by %s', async (_title, as) => {
    const id = newId();
    expect((await requestFromRealm({ backend, url: `${realm.server}/kerberos/x`, as, id })).status).toBe(401);
    expect((await arrivals(id, 2)).length).toBeLessThanOrEqual(3);
  });

  it('gets an error without a ticket and without an account of NTLM', async () => {
    await logOff();
    await chooseNtlmUser(undefined);
    const fault = await requestFromRealm({ backend, url: `${realm.server}/kerberos/x`, as: 'logged-on' }).then(
      () => undefined,
      (error: unknown) => error,
    );
    await chooseNtlmUser('alice');
    expect(fault).toBeInstanceOf(WinwireError);
    expect((fault as WinwireError).hresult).toBe(HResult.ERROR_WINHTTP_LOGIN_FAILURE);
    expect(((fault as WinwireError).cause as AuthenticationError).code).toBe('ERR_WINWIRE_AUTH_NO_TICKET');
  });
});
