import { expect, test } from 'vitest';
import { parseTarget } from '../../lib/proxy/request-target.ts';
import { proxyFor, serverOfRoute } from '../../lib/proxy/set-proxy.ts';

const named = (server: string, bypass = '') => ({ setting: 2, server, bypass });

test.each([
  ['a:81', 'http://x/', 'a:81'],
  ['a', 'http://x/', 'a:80'],
  ['http://a:81', 'https://x/', 'a:81'],
  ['http=a:81;https=b:82', 'http://x/', 'a:81'],
  ['http=a:81;https=b:82', 'https://x/', 'b:82'],
  ['http=a:81 c', 'https://x/', 'c:80'],
  ['https=b:82', 'http://x/', undefined],
  ['https=b:82 ftp=c', 'http://x/', undefined],
  ['', 'http://x/', ':80'],
  [' ; ', 'http://x/', ':80'],
  ['=', 'http://x/', ':80'],
  ['=a', 'http://x/', ':80'],
  ['https=', 'http://x/', ':80'],
  ['http=;c', 'http://x/', ':80'],
  ['socks=b:1080', 'http://x/', ':80'],
  ['https=b;socks=c', 'http://x/', ':80'],
  ['http=a;socks=c', 'http://x/', 'a:80'],
  ['other=b', 'http://x/', ':80'],
  ['a b', 'http://x/', 'a:80'],
  ['http=//', 'http://x/', ':80'],
])('the proxy %j for %s is %s', (server, href, expected) => {
  const proxy = proxyFor(parseTarget(href), named(server), undefined);
  expect(proxy && `${proxy.host}:${proxy.port}`).toBe(expected);
});

test.each([
  ['http://local/', '<local>', true],
  ['http://a.b/', '<local>', false],
  ['http://www.A.b/', 'x; *.a.B', true],
  ['http://axb/', 'a.b', false],
  ['http://a.b:81/', 'a.b:81', true],
  ['http://a.b:81/', 'http://a.b', true],
  ['https://a.b/', 'http://a.b', false],
  ['http://127.0.0.1/', 'a.b', false],
  ['http://a.b/', 'c.d  a.*', true],
])('%s with the bypass list %j: %s', (href, bypass, isBypassed) => {
  expect(proxyFor(parseTarget(href), named('p', bypass), undefined) === undefined).toBe(isBypassed);
});

test.each([
  [{ HTTP_PROXY: 'http://p:81' }, 'http://a/', 'p:81'],
  [{ http_proxy: 'p', HTTP_PROXY: 'q' }, 'http://a/', 'p:80'],
  [{ HTTP_PROXY: 'p' }, 'https://a/', undefined],
  [{ HTTPS_PROXY: 'p', NO_PROXY: 'b.test,.a' }, 'https://x.a/', undefined],
  [{ HTTPS_PROXY: 'p', NO_PROXY: 'a' }, 'https://x.a/', 'p:80'],
  [{ HTTPS_PROXY: 'p', NO_PROXY: '.a:444' }, 'https://x.a/', 'p:80'],
  [{ ALL_PROXY: 'p' }, 'https://a/', 'p:80'],
  [{ HTTP_PROXY: 'p:99999' }, 'http://a/', ':80'],
  [{ HTTP_PROXY: 'https://p' }, 'http://a/', ':80'],
  [{ HTTP_PROXY: 'p' }, 'http://127.0.0.1/', 'p:80'],
  [{ HTTPS_PROXY: 'p', NO_PROXY: '*' }, 'https://x.a/', undefined],
])('the environment %j for %s', (environment, href, expected) => {
  const proxy = proxyFor(parseTarget(href), { setting: 0, server: '', bypass: '' }, environment);
  expect(proxy && `${proxy.host}:${proxy.port}`).toBe(expected);
});

test('a route that SetProxy cannot express is an error that names it', () => {
  expect(serverOfRoute({ kind: 'direct' })).toBeUndefined();
  expect(serverOfRoute({ kind: 'http', host: 'p', port: 81 })).toMatchObject({ host: 'p', port: 81 });
  expect(() => serverOfRoute({ kind: 'socks5', host: 'p', port: 81 })).toThrow(/SOCKS5 p:81/);
});
