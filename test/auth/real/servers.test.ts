// The servers themselves: they accept tokens of an independent client, and reject what is not a token.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { throughProxy } from '../../helpers/proxied-get.ts';
import {
  accountOf,
  loggedBy,
  logOff,
  logOn,
  type ProxyOffer,
  principalOf,
  realm,
  type TargetAnswer,
} from '../../helpers/realm.ts';

const schemesOf = (field: string | string[] | null | undefined): string[] =>
  [field ?? []].flat().flatMap((text) => text.match(/\b(Negotiate|NTLM|Digest|Basic)\b/g) ?? []);

const NOT_A_TOKEN = createHash('sha256').update('not a token').digest('base64');

describe('Apache', () => {
  it.each([
    ['kerberos', ['Negotiate']],
    ['negotiate', ['Negotiate', 'NTLM']],
    ['ntlm', ['Negotiate', 'NTLM']],
    ['kerberos-basic', ['Negotiate', 'Basic']],
    ['basic', ['Basic']],
    ['digest', ['Digest']],
  ])('/%s asks for %j', async (folder, schemes) => {
    const response = await fetch(`${realm.server}/${folder}/x`);
    await response.arrayBuffer();
    expect(response.status).toBe(401);
    expect(schemesOf(response.headers.get('WWW-Authenticate'))).toEqual(schemes);
  });

  it.each([
    ['kerberos', 'Negotiate'],
    ['negotiate', 'Negotiate'],
    ['negotiate', 'NTLM'],
    ['ntlm', 'NTLM'],
    ['kerberos-basic', 'Basic'],
  ])('/%s rejects a wrong token of %s', async (folder, scheme) => {
    const headers = { Authorization: `${scheme} ${NOT_A_TOKEN}` };
    const response = await fetch(`${realm.server}/${folder}/x`, { headers });
    await response.arrayBuffer();
    expect(response.status).toBe(401);
  });

  it('/open answers with the request and no user', async () => {
    const response = await fetch(`${realm.server}/open/x`, {
      method: 'POST',
      body: 'abc',
      headers: { 'X-Request': 'open' },
    });
    const answer = (await response.json()) as TargetAnswer;
    expect(answer).toMatchObject({ method: 'POST', user: '', body: { length: 3 } });
    const [entry] = await loggedBy('apache', ({ request }) => request === 'open', 1);
    expect(entry).toMatchObject({ user: '-', status: 200, method: 'POST', target: '/open/x' });
  });
});

describe('squid', () => {
  it.each<[ProxyOffer, string[]]>([
    ['negotiate', ['Negotiate']],
    ['ntlm', ['NTLM']],
    ['digest', ['Digest']],
    ['basic', ['Basic']],
    ['all', ['Negotiate', 'NTLM', 'Digest', 'Basic']],
    ['negotiateBasic', ['Negotiate', 'Basic']],
  ])('port %s offers %j', async (offer, schemes) => {
    const { status, headers } = await throughProxy(realm.proxies[offer], `${realm.targets[0]}/x`);
    expect(status).toBe(407);
    expect(schemesOf(headers['proxy-authenticate'])).toEqual(schemes);
  });

  it.each<[ProxyOffer, string]>([
    ['negotiate', 'Negotiate'],
    ['ntlm', 'NTLM'],
    ['basic', 'Basic'],
  ])('port %s rejects a wrong token of %s', async (offer, scheme) => {
    const url = `${realm.targets[0]}/x`;
    const fields = { 'Proxy-Authorization': `${scheme} ${NOT_A_TOKEN}` };
    expect((await throughProxy(realm.proxies[offer], url, fields)).status).toBe(407);
  });
});

/** Runs curl, which has GSSAPI and its own NTLM, and returns the status and the user. */
async function curl(...args: string[]): Promise<{ status: number; user: string }> {
  const { stdout } = await promisify(execFile)('curl', ['-sS', '--max-time', '10', '-w', '\n%{http_code}', ...args]);
  const [body = '', status] = stdout.split(/\n(?=\d+$)/);
  return { status: Number(status), user: Number(status) === 200 ? (JSON.parse(body) as TargetAnswer).user : '' };
}

describe.runIf(process.platform === 'linux')('curl', () => {
  const { alice, carol } = realm.users;
  const byUser = ({ username, password }: typeof alice) => `${username}:${password}`;

  beforeAll(() => logOn('carol'));
  afterAll(logOff);

  it.each([
    ['kerberos', realm.server, principalOf('carol')],
    ['negotiate', realm.server, principalOf('carol')],
    ['kerberos', realm.secureServer, principalOf('carol')],
    // NTLM, because the KDC does not know the service: the user of NTLM_USER_FILE.
    ['negotiate', realm.unknownServer, accountOf('alice')],
  ])('gets /%s of %s by Negotiate', async (folder, server, user) => {
    expect(await curl('-k', '--negotiate', '-u', ':', `${server}/${folder}/x`)).toEqual({ status: 200, user });
  });

  it.each([
    ['digest', '--digest', 'carol'],
    ['basic', '--basic', 'carol'],
    ['kerberos-basic', '--basic', principalOf('carol')],
  ])('gets /%s by %s', async (folder, option, user) => {
    const url = `${realm.server}/${folder}/x`;
    expect(await curl(option, '-u', byUser(carol), url)).toEqual({ status: 200, user });
    expect((await curl(option, '-u', 'carol:wrong', url)).status).toBe(401);
  });

  it.each<[ProxyOffer, string, string, string]>([
    ['negotiate', '--proxy-negotiate', ':', principalOf('carol')],
    ['ntlm', '--proxy-ntlm', `${realm.domain}\\${byUser(alice)}`, accountOf('alice')],
    ['digest', '--proxy-digest', byUser(carol), 'carol'],
    ['basic', '--proxy-basic', byUser(carol), 'carol'],
  ])('gets the target through the port %s by %s', async (offer, option, credentials, user) => {
    const request = `curl-${offer}`;
    const args = ['-x', `localhost:${realm.proxies[offer]}`, option, '-H', `X-Request: ${request}`];
    const url = `${realm.targets[0]}/x`;
    expect((await curl(...args, '--proxy-user', credentials, url)).status).toBe(200);
    const entries = await loggedBy('squid', (entry) => entry.request === request && entry.status === 200, 1);
    expect(entries.map((entry) => entry.user)).toEqual([user]);
  });

  it('is rejected by the port ntlm with a wrong password', async () => {
    const args = [
      '-x',
      `localhost:${realm.proxies.ntlm}`,
      '--proxy-ntlm',
      '--proxy-user',
      `${realm.domain}\\alice:wrong`,
    ];
    expect((await curl(...args, `${realm.targets[0]}/x`)).status).toBe(407);
  });
});
