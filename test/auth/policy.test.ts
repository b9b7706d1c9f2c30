// Who gets which credentials by which schemes.
import { describe, expect, test } from 'vitest';
import type { Challenge } from '../../lib/auth/auth-types.ts';
import { type AuthPeer, parseAuthPolicy, permissionFor } from '../../lib/auth/policy.ts';
import { markRoute, type RouteSecrets } from '../../lib/proxy/resolution.ts';
import { parseProxy } from '../../lib/proxy/route-text.ts';

const USER = { username: 'Aladdin', password: 'open sesame' };

const challengeOf = ({ target, origin, host, port, secure }: AuthPeer): Challenge => ({
  ...{ target, origin, host, port, secure },
  schemes: [],
  attempt: 1,
});

function server(origin: string): AuthPeer {
  const { protocol, hostname, port } = new URL(origin);
  const secure = protocol === 'https:';
  return { target: 'server', origin, host: hostname, port: Number(port) || (secure ? 443 : 80), secure };
}

function proxy(url: string, namedBy: RouteSecrets['namedBy']): AuthPeer {
  const route = markRoute(parseProxy(url) as NonNullable<ReturnType<typeof parseProxy>>, namedBy);
  if (route.kind === 'direct') throw new Error('direct');
  const { host, port, kind } = route;
  return { target: 'proxy', origin: `${kind}://${host}:${port}`, host, port, secure: kind === 'https', route };
}

const allowed = (peer: AuthPeer, options: Record<string, unknown> = {}) =>
  permissionFor(peer, parseAuthPolicy(options), challengeOf(peer));

describe('proxies', () => {
  test('one of the settings gets default credentials, by Negotiate and NTLM', async () => {
    const peer = proxy('http://proxy.corp.example:8080', 'settings');
    expect(await allowed(peer)).toEqual({ credentials: 'default', schemes: ['Negotiate', 'NTLM'] });
    expect(await allowed(peer, { proxyCredentials: 'none' })).toBeUndefined();
  });

  test.each(['caller', 'wpad'] as const)('one named by %s gets none, unless the caller says so', async (namedBy) => {
    const peer = proxy('http://proxy.corp.example:8080', namedBy);
    expect(await allowed(peer)).toBeUndefined();
    expect(await allowed({ ...peer, source: 'policy' })).toBeUndefined();
    const schemes = namedBy === 'wpad' ? ['Kerberos'] : ['Negotiate', 'NTLM'];
    expect(await allowed(peer, { proxyCredentials: 'default' })).toEqual({ credentials: 'default', schemes });
  });

  test('a copy of a route, and a route to another place, have no right', async () => {
    const peer = proxy('http://u:p@proxy.corp.example:8080', 'settings');
    const { route } = peer;
    if (!route) throw new Error('no route');
    expect(await allowed({ ...peer, route: { ...route } })).toBeUndefined();
    expect(await allowed({ ...peer, host: 'evil.example' })).toBeUndefined();
    expect(await allowed({ ...peer, port: 8081 })).toBeUndefined();
    expect(await allowed({ ...peer, secure: true })).toBeUndefined();
    expect(await allowed({ ...peer, route: { kind: 'direct' } })).toBeUndefined();
  });

  test('user and password in the URL of a proxy go to it, also by Basic over plain text', async () => {
    const peer = proxy('http://Aladdin:open%20sesame@proxy.example:8080', 'caller');
    const expected = { credentials: USER, schemes: ['Negotiate', 'NTLM', 'Digest', 'Basic'] };
    expect(await allowed(peer)).toEqual(expected);
    expect(await allowed(peer, { proxyCredentials: 'default' })).toEqual(expected);
    expect(await allowed(peer, { proxyCredentials: 'none' })).toBeUndefined();
  });

  test.each([
    ['http://proxy.example:8080', {}, false],
    ['https://proxy.example:8080', {}, true],
    ['http://127.0.0.1:8080', {}, true],
    ['http://localhost:8080', {}, true],
    ['http://evil.localhost:8080', {}, false],
    ['http://127.0.0.1.evil.example:8080', {}, false],
    ['http://proxy.example:8080', { schemes: ['Digest', 'Basic'] }, true],
    ['https://proxy.example:8080', { schemes: ['Digest'] }, false],
  ])('%s with %j: Basic for given credentials is allowed: %s', async (url, options, isAllowed) => {
    const permission = await allowed(proxy(url, 'settings'), { proxyCredentials: USER, ...options });
    expect(permission?.schemes.includes('Basic')).toBe(isAllowed);
  });

  test.each([
    ['wpad', undefined, ['Kerberos', 'Digest']],
    ['wpad', ['Negotiate'], ['Kerberos']],
    ['wpad', ['Negotiate', 'NTLM'], ['Negotiate', 'NTLM']],
    ['wpad', ['NTLM'], ['NTLM']],
    ['settings', ['Kerberos', 'Digest'], ['Kerberos', 'Digest']],
    ['settings', ['Negotiate'], ['Negotiate']],
    ['caller', undefined, ['Negotiate', 'NTLM', 'Digest']],
  ] as const)('given credentials for a proxy named by %s with %j go by %j', async (namedBy, named, schemes) => {
    const peer = proxy('http://proxy.example:8080', namedBy);
    const permission = await allowed(peer, { proxyCredentials: USER, schemes: named });
    expect(permission).toEqual({ credentials: USER, schemes });
  });

  test('a function gets the challenge, and its answer is validated', async () => {
    const peer = proxy('http://proxy.example:8080', 'caller');
    const seen: Challenge[] = [];
    const proxyCredentials = async (challenge: Challenge) => {
      seen.push(challenge);
      return 'default';
    };
    expect(await allowed(peer, { proxyCredentials })).toEqual({
      credentials: 'default',
      schemes: ['Negotiate', 'NTLM'],
    });
    expect(seen).toEqual([challengeOf(peer)]);
    const wrong = allowed(peer, { proxyCredentials: () => ({ username: 'a', password: 'secret\r\nx' }) });
    await expect(wrong).rejects.toThrow(TypeError);
    await expect(wrong).rejects.not.toThrow(/secret/);
    await expect(allowed(peer, { proxyCredentials: () => undefined })).rejects.toThrow("'none', 'default' or {");
  });
});

describe('servers', () => {
  test.each([
    ['https://a.corp.example', true],
    ['https://a.b.corp.example', true],
    ['https://A.CORP.EXAMPLE', true],
    ['https://corp.example', false],
    ['https://evilcorp.example', false],
    ['https://a.corp.example.evil.example', false],
    ['http://a.corp.example', false],
    ['https://a.corp.example:8443', false],
  ])("{ 'https://*.corp.example': 'default' } names %s: %s", async (origin, isNamed) => {
    const options = { credentials: { 'https://*.corp.example': 'default' } };
    const expected = isNamed ? { credentials: 'default', schemes: ['Kerberos'] } : undefined;
    expect(await allowed(server(origin), options)).toEqual(expected);
  });

  test('the name of this machine does not hide a password from a proxy', async () => {
    const peer = server('http://localhost:8080');
    const options = { credentials: { 'http://localhost:8080': USER } };
    expect((await allowed(peer, options))?.schemes).toContain('Basic');
    expect((await allowed({ ...peer, isProxied: true }, options))?.schemes).toEqual(['Kerberos', 'Digest']);
    const named = await allowed({ ...peer, isProxied: true }, { ...options, schemes: ['Basic'] });
    expect(named?.schemes).toEqual(['Basic']);
  });

  test('an origin goes before a pattern, and a longer pattern before a shorter one', async () => {
    const credentials = {
      'https://*.example': 'none',
      'https://*.corp.example': 'default',
      'wss://host.corp.example:8443/': USER,
      'https://host.corp.example': 'none',
    };
    const answer = async (origin: string) => (await allowed(server(origin), { credentials }))?.credentials;
    expect(await answer('https://a.example')).toBeUndefined();
    expect(await answer('https://a.corp.example')).toBe('default');
    expect(await answer('https://host.corp.example:8443')).toEqual(USER);
    expect(await answer('https://host.corp.example')).toBeUndefined();
  });

  test('get nothing by default, and NTLM only if it is named', async () => {
    const peer = server('https://a.example');
    expect(await allowed(peer)).toBeUndefined();
    expect(await allowed(peer, { credentials: 'none', proxyCredentials: 'default' })).toBeUndefined();
    const credentials = { 'https://a.example': 'default' };
    expect((await allowed(peer, { credentials, schemes: ['Negotiate'] }))?.schemes).toEqual(['Kerberos']);
    const named = await allowed(peer, { credentials, schemes: ['Basic', 'NTLM', 'Negotiate'] });
    expect(named?.schemes).toEqual(['Negotiate', 'NTLM']);
  });
});

describe('parseAuthPolicy', () => {
  test.each([
    [{ credentials: 'default' }, "{ 'https://*.corp.example': 'default' }"],
    [{ credentials: USER }, "{ 'https://*.corp.example': 'default' }"],
    [{ credentials: ['https://a.example'] }, "{ 'https://*.corp.example': 'default' }"],
    [{ credentials: { 'corp.example': 'default' } }, "'corp.example'".replaceAll("'", '"')],
    [{ credentials: { 'https://*': 'default' } }, '"https://*"'],
    [{ credentials: { 'https://a*.example': 'default' } }, 'patterns'],
    [{ credentials: { 'https://u@a.example': 'default' } }, 'patterns'],
    [{ credentials: { 'https://a.example/path': 'default' } }, 'patterns'],
    [{ credentials: { 'https://a.example': 'yes' } }, "'none', 'default' or {"],
    [{ credentials: { 'https://a.example': { user: 'u', password: 'p' } } }, 'Use username'],
    [{ proxyCredentials: { username: 'u' } }, 'proxyCredentials.password'],
    [{ proxyCredentials: 'u:p' }, "'none', 'default' or {"],
    [{ schemes: [] }, 'an empty list'],
    [{ schemes: ['negotiate'] }, "'Negotiate'"],
    [{ schemes: 'Basic' }, 'an array'],
    [{ servicePrincipalName: 'HTTP/x' }, "'canonical'"],
  ])('rejects %j and says what to write', (options, text) => {
    expect(() => parseAuthPolicy(options)).toThrow(expect.objectContaining({ message: expect.stringContaining(text) }));
    expect(() => parseAuthPolicy(options)).toThrow(TypeError);
  });

  test('copies credentials: a later change of the object has no effect', async () => {
    const given = { ...USER };
    const policy = parseAuthPolicy({ credentials: { 'https://a.example': given } });
    given.password = 'changed';
    const peer = server('https://a.example');
    expect((await permissionFor(peer, policy, challengeOf(peer)))?.credentials).toEqual(USER);
  });
});
