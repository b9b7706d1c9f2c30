// Settings with garbage: an invalid entry is dropped, with a warning that names it and no secret.
import { describe, expect, test } from 'vitest';
import type { ProxyResolver } from '../../lib/proxy/proxy-resolver.ts';
import { NO_SETTINGS, type ProxySettings } from '../../lib/proxy/proxy-settings.ts';
import { parseTarget } from '../../lib/proxy/request-target.ts';
import { resolveSettings } from '../../lib/proxy/resolve-settings.ts';

/** A machine with these settings, whose scripts all fail. */
function resolve(url: string, settings: Partial<ProxySettings>) {
  const resolver: ProxyResolver = {
    name: 'test',
    readSettings: async () => ({ ...NO_SETTINGS, source: 'user', ...settings }),
    askScript: () => Promise.reject(new Error('not asked')),
  };
  const lookup = { target: parseTarget(url), backend: 'portable' as const, timeout: 1_000, note: () => {} };
  return resolveSettings(lookup, resolver, []);
}

describe('the static proxy of the settings', () => {
  test.each([
    ['http=;;https=x:99999', 'DIRECT', ['http=', 'https=x:99999']],
    ['http=a:1;https=x:99999', 'PROXY a:1', ['https=x:99999']],
    ['http=x y;a:1', 'PROXY x:80', []],
    ['=;http==;ftp=f:1', 'DIRECT', ['=', 'http==']],
    ['http=a:0;socks=s:1', 'SOCKS4 s:1', ['http=a:0']],
    ['http=http=a:1', 'DIRECT', ['http=http=a:1']],
    ['gopher=a:1', 'DIRECT', ['gopher=a:1']],
    [`http=${'x'.repeat(100_000)}:1`, 'DIRECT', [`http=${'x'.repeat(55)}…`]],
    ['\u0000', 'DIRECT', ['\u0000']],
    ['bücher.example:81', 'PROXY bücher.example:81', []],
  ])('%j serves http: with %s', async (proxy, routes, invalid) => {
    const resolution = await resolve('http://example.org/', { proxy });
    expect(String(resolution)).toBe(routes);
    const named = resolution.warnings.map(({ message }) => message);
    expect(named).toEqual(invalid.map((entry) => expect.stringContaining(`${JSON.stringify(entry)} is invalid`)));
  });

  test.each([
    'http=http://me:secret@a:99999',
    'http://me:sec@ret-secret@',
    'http=https://me:secret',
    'http=http://me:first secret@a:1',
  ])('shows no part of a password: %j', async (proxy) => {
    const { warnings } = await resolve('http://example.org/', { proxy });
    expect(warnings.length).toBeGreaterThan(0);
    expect(warnings.map(({ message }) => message).join()).not.toMatch(/secret|first|sec@/);
  });
});
