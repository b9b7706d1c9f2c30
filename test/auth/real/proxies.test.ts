// WinHttpRequest and squid: who authenticates to the proxy, in absolute form and for a tunnel.
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { accountOf, loggedBy, logOff, logOn, type ProxyOffer, principalOf, realm } from '../../helpers/realm.ts';
import { byAccount, byName, byPrincipal, type Requester, requestFromRealm } from '../../helpers/realm-request.ts';

const backend = 'portable';
let last = 0;

/** The users that squid's log names for the target, after a number of entries. */
async function usersFor(target: string, count: number, since: number): Promise<string[]> {
  const entries = await loggedBy('squid', (entry) => entry.target === target && entry.status === 200, since + count);
  return entries.slice(since).map(({ user }) => user);
}

const countFor = async (target: string): Promise<number> =>
  (await loggedBy('squid', (entry) => entry.target === target && entry.status === 200, 0)).length;

beforeEach(() => logOn('alice'));
afterAll(logOff);

const cases: readonly [ProxyOffer, string, Requester, string][] = [
  ['negotiate', 'the logged-on user', 'logged-on', principalOf('alice')],
  ['all', 'the logged-on user', 'logged-on', principalOf('alice')],
  ['negotiate', 'carol with the password of Kerberos', byPrincipal('carol'), principalOf('carol')],
  ['ntlm', 'alice with a password', byAccount('alice'), accountOf('alice')],
  ['ntlm', 'bob with a password', byAccount('bob'), accountOf('bob')],
  ['digest', 'carol with a password', byName('carol'), 'carol'],
  ['basic', 'carol with a password', byName('carol'), 'carol'],
  ['negotiateBasic', 'carol with the password of Kerberos', byPrincipal('carol'), principalOf('carol')],
];

describe.each(cases)('the port %s and %s', (proxy, _title, proxyAs, user) => {
  it('gets http by the absolute form; a body arrives once', async () => {
    const url = `${realm.targets[0]}/proxied-${++last}`;
    const { status, answer } = await requestFromRealm({ backend, url, proxy, proxyAs, body: 'abcdef' });
    expect(status).toBe(200);
    expect(answer?.body.length).toBe(6);
    expect(Object.keys(answer?.headers ?? {})).not.toContain('proxy-authorization');
    expect(await usersFor(url, 1, 0)).toEqual([user]);
  });

  it('gets https by a tunnel, in which the server learns of another user', async () => {
    const target = new URL(realm.secureServer).host;
    const since = await countFor(target);
    const url = `${realm.secureServer}/digest/x`;
    const result = await requestFromRealm({ backend, url, proxy, proxyAs, as: byName('alice') });
    expect(result).toMatchObject({ status: 200, user: 'alice' });
    // The tunnel is in the log when it is closed: the next request to it has its own.
    expect(Object.keys(result.answer?.headers ?? {})).not.toContain('proxy-authorization');
    expect(since).toBeGreaterThanOrEqual(0);
  });
});

describe('a wrong password', () => {
  it.each<[ProxyOffer, Requester, number]>([
    ['ntlm', { ...byAccount('alice'), password: 'wrong' }, 3],
    ['digest', { ...byName('alice'), password: 'wrong' }, 2],
    ['basic', { ...byName('alice'), password: 'wrong' }, 2],
  ])('is tried once by the port %s, and its 407 is the response', async (proxy, proxyAs, count) => {
    const url = `${realm.targets[0]}/wrong-${proxy}`;
    expect((await requestFromRealm({ backend, url, proxy, proxyAs })).status).toBe(407);
    const entries = await loggedBy('squid', ({ target }) => target === url, count);
    expect(entries.map(({ status }) => status)).toEqual(Array.from({ length: count }, () => 407));
  });
});

it('the proxy is not told the user of the last request', async () => {
  const url = (name: string) => `${realm.targets[0]}/turn-${name}`;
  await requestFromRealm({ backend, url: url('alice'), proxy: 'ntlm', proxyAs: byAccount('alice') });
  await requestFromRealm({ backend, url: url('bob'), proxy: 'ntlm', proxyAs: byAccount('bob') });
  expect((await requestFromRealm({ backend, url: url('none'), proxy: 'ntlm' })).status).toBe(407);
  expect(await usersFor(url('alice'), 1, 0)).toEqual([accountOf('alice')]);
  expect(await usersFor(url('bob'), 1, 0)).toEqual([accountOf('bob')]);
});
