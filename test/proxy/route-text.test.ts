import { describe, expect, test } from 'vitest';
import { formatRoute, parsePacAnswer, parseProxy } from '../../lib/proxy/route-text.ts';
import type { ProxyRoute } from '../../lib/proxy/types.ts';

const answer = (text: string) => parsePacAnswer(text).routes.map(formatRoute).join('; ');

describe('parsePacAnswer', () => {
  test.each([
    ['DIRECT', 'DIRECT'],
    ['direct', 'DIRECT'],
    ['PROXY a:8080; DIRECT', 'PROXY a:8080; DIRECT'],
    ['proxy A.example:8080', 'PROXY a.example:8080'],
    ['PROXY a', 'PROXY a:80'],
    ['HTTPS a', 'HTTPS a:443'],
    ['SOCKS a;SOCKS4 b;SOCKS5 c:1', 'SOCKS4 a:1080; SOCKS4 b:1080; SOCKS5 c:1'],
    [' ;; PROXY\ta:1 ;', 'PROXY a:1'],
    ['PROXY [::1]:8080', 'PROXY [::1]:8080'],
    ['', 'DIRECT'],
    ['nonsense', 'DIRECT'],
    ['PROXY a:65536', 'DIRECT'],
    ['PROXY a:65535', 'PROXY a:65535'],
    ['PROXY a:-1', 'DIRECT'],
    ['PROXY a:1e3', 'DIRECT'],
    ['PROXY user:secret@a:1', 'DIRECT'],
    ['PROXY a\r\nX-Evil: 1', 'DIRECT'],
    ['PROXY a:1\r\nX-Evil: 1', 'DIRECT'],
    ['PROXY a:1\nPROXY b:1', 'DIRECT'],
    ['PROXY a\0b:1', 'DIRECT'],
    ['PROXY http://a:1', 'DIRECT'],
    ['PROXY a:1/path', 'DIRECT'],
    ['PROXY [fe80::1%eth0]:1', 'PROXY [fe80::1%eth0]:1'],
    ['PROXY [fe80::1%eth0 x]:1', 'DIRECT'],
    ['PROXY [::1]x:1', 'DIRECT'],
    ['PROXY ::1:1', 'DIRECT'],
    ['SOCKS5 a:1; SOCKS4 b:0; SOCKS c:70000; SOCKS5 u@d:1', 'SOCKS5 a:1'],
    ['PROXY a:0', 'DIRECT'],
    ['PROXY a b', 'DIRECT'],
    ['PROXY', 'DIRECT'],
    ['DIRECT a:1', 'DIRECT'],
    ['PROXY a:x; PROXY b:1', 'PROXY b:1'],
  ])('parses %j', (text, expected) => expect(answer(text)).toBe(expected));

  test('names the invalid entries', () => {
    expect(parsePacAnswer('HTTP a:1; DIRECT; PROXY u:p@a:1').invalid).toEqual(['HTTP a:1', 'PROXY ***@a:1']);
  });
});

describe('parseProxy', () => {
  test.each([
    ['a:8080', 'PROXY a:8080'],
    ['a', 'PROXY a:80'],
    ['http://a', 'PROXY a:80'],
    ['https://a/', 'HTTPS a:443'],
    ['socks://a', 'SOCKS5 a:1080'],
    ['socks4://a:1', 'SOCKS4 a:1'],
    ['SOCKS5H://a:1', 'SOCKS5 a:1'],
    ['[::1]:3128', 'PROXY [::1]:3128'],
    ['http://[fe80::1]', 'PROXY [fe80::1]:80'],
  ])('parses %j', (text, expected) => expect(formatRoute(parseProxy(text)?.route as ProxyRoute)).toBe(expected));

  test.each([
    '',
    ':80',
    'ftp://a',
    'a:99999',
    'a b',
    '::1:80:',
    'http://',
    'a:80:90',
    'http://a\\b',
    'http://u%0D%0AX-Evil:p@a',
    'http://u:p%0a@a',
    'u:p\r\n@a',
    'u%00@a',
    'a:1\r\nb',
    'a\0',
  ])('rejects %j', (text) => {
    expect(parseProxy(text)).toBeUndefined();
  });

  test('removes user and password, percent-decoded', () => {
    expect(parseProxy('http://dom%5Cme:p%40ss@a:1/')).toEqual({
      route: { kind: 'http', host: 'a', port: 1 },
      user: { username: 'dom\\me', password: 'p@ss' },
    });
    expect(parseProxy('http://me:p@s/s@a:1')?.user).toEqual({ username: 'me', password: 'p@s/s' });
    expect(parseProxy('me@a:1')?.user).toEqual({ username: 'me', password: '' });
    expect(parseProxy('http://100%:x@a')?.user?.username).toBe('100%');
  });
});
