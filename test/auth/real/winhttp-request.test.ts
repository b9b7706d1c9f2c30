// WinHttpRequest of the backend `portable` with Apache and squid: by SSPI under Wine, by GSSAPI elsewhere.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AutoLogonPolicy, CredentialTarget, WinHttpRequest } from '../../../lib/index.ts';
import {
  accountOf,
  loggedBy,
  logOff,
  logOn,
  principalOf,
  realm,
  type TargetAnswer,
  type UserName,
} from '../../helpers/realm.ts';

type Init = NonNullable<Parameters<typeof WinHttpRequest.request>[1]>;

async function ask(url: string, init: Init = {}): Promise<{ status: number; user: string }> {
  const response = await WinHttpRequest.request(url, { backend: 'portable', ...init });
  const user = response.status === 200 ? (JSON.parse(response.text()) as TargetAnswer).user : '';
  return { status: response.status, user };
}

const ALWAYS: Init = { autoLogonPolicy: AutoLogonPolicy.Always };

const byPassword = (user: UserName, target: CredentialTarget, password = realm.users[user].password): Init => ({
  credentials: { userName: `${realm.domain}\\${user}`, password, target },
});

describe('the logged-on user', () => {
  beforeAll(() => logOn('carol'));
  afterAll(logOff);

  it('is authenticated by Kerberos at a server, with Always only', async () => {
    expect(await ask(`${realm.server}/kerberos/x`, ALWAYS)).toEqual({ status: 200, user: principalOf('carol') });
    expect(await ask(`${realm.server}/kerberos/x`)).toEqual({ status: 401, user: '' });
    expect((await ask(`${realm.server}/kerberos/x`, { autoLogonPolicy: AutoLogonPolicy.Never })).status).toBe(401);
  });

  it('is authenticated by Kerberos at a proxy', async () => {
    const proxy = { server: `localhost:${realm.proxies.negotiate}` };
    const headers = { 'X-Request': 'winhttp-kerberos' };
    expect((await ask(`${realm.targets[0]}/x`, { ...ALWAYS, proxy, headers })).status).toBe(200);
    const entries = await loggedBy(
      'squid',
      ({ request, status }) => request === 'winhttp-kerberos' && status === 200,
      1,
    );
    expect(entries.map(({ user }) => user)).toEqual([principalOf('carol')]);
  });

  it('is the one of the ticket at each request, and no request rides on the connection of another user', async () => {
    const seen: string[] = [];
    for (let round = 0; round < 10; round++) {
      const user = round % 2 === 0 ? 'carol' : 'alice';
      await logOn(user);
      seen.push((await ask(`${realm.server}/kerberos/x`, ALWAYS)).user, (await ask(`${realm.server}/open/x`)).user);
    }
    const pair = (user: UserName) => [principalOf(user), ''];
    expect(seen).toEqual(Array.from({ length: 10 }, (_, i) => pair(i % 2 === 0 ? 'carol' : 'alice')).flat());
    await logOn('carol');
  });
});

describe('a user with a password', () => {
  beforeEach(logOff);

  it.each(['digest', 'basic'])('gets /%s', async (folder) => {
    const { username, password } = realm.users.carol;
    const credentials = { userName: username, password };
    expect(await ask(`${realm.server}/${folder}/x`, { credentials })).toEqual({ status: 200, user: 'carol' });
    const wrong = { userName: username, password: 'wrong' };
    expect((await ask(`${realm.server}/${folder}/x`, { credentials: wrong })).status).toBe(401);
  });

  it('gets through squid by NTLM in two legs on one connection', async () => {
    const proxy = { server: `localhost:${realm.proxies.ntlm}` };
    const init = { proxy, ...byPassword('alice', CredentialTarget.FOR_PROXY) };
    const headers = { 'X-Request': 'winhttp-ntlm' };
    expect((await ask(`${realm.targets[0]}/x`, { ...init, headers })).status).toBe(200);
    const entries = await loggedBy('squid', ({ request, status }) => request === 'winhttp-ntlm' && status === 200, 1);
    expect(entries.map(({ user }) => user)).toEqual([accountOf('alice')]);
    const wrong = byPassword('alice', CredentialTarget.FOR_PROXY, 'wrong');
    expect((await ask(`${realm.targets[0]}/x`, { proxy, ...wrong })).status).toBe(407);
  });
});

describe('without a ticket', () => {
  beforeEach(logOff);

  it.runIf(process.platform === 'linux')('Always sends NTLM, which a server of Kerberos rejects', async () => {
    expect(await ask(`${realm.server}/kerberos/x`, ALWAYS)).toMatchObject({ status: 401, user: '' });
  });
});
