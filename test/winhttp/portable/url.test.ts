import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HResult } from '../../../lib/hresult.ts';
import { parseUrl } from '../../../lib/winhttp/portable/url.ts';
import { escapeTarget } from '../../../lib/winhttp/portable/url-escape.ts';

const { ERROR_WINHTTP_INVALID_URL: INVALID, ERROR_WINHTTP_UNRECOGNIZED_SCHEME: UNRECOGNIZED } = HResult;

test.each([
  ['http://a', { host: 'a', port: 80, authority: 'a', origin: 'http://a', path: '/', query: '', secure: false }],
  ['HTTPS://A.b:443/x', { host: 'a.b', port: 443, authority: 'a.b', origin: 'https://a.b', path: '/x', secure: true }],
  ['http://a:8080?q#f', { authority: 'a:8080', path: '/', query: '?q' }],
  ['http://a:/p?', { port: 80, path: '/p', query: '?' }],
  ['http://u%20x:p@a/', { userName: 'u x', password: 'p', authority: 'a' }],
  ['http://%zz@a/', { userName: '%zz', password: '' }],
  ['http://[::1]:81/', { host: '::1', authority: '[::1]:81', origin: 'http://[::1]:81' }],
  ['http://bücher.test/ä/../b c', { host: 'xn--bcher-kva.test', path: '/ä/../b c' }],
  ['http://under_score/', { host: 'under_score' }],
  ['http://host.1/', { host: 'host.1', authority: 'host.1' }],
  ['http://a.b./', { host: 'a.b.', authority: 'a.b.' }],
  [
    'http://[fe80::1%25eth0]:81/',
    { host: 'fe80::1%eth0', authority: '[fe80::1]:81', origin: 'http://[fe80::1%eth0]:81' },
  ],
  ['http://[fe80::1%eth0]/', { host: 'fe80::1%eth0', authority: '[fe80::1]' }],
])('the parts of %s', (href, parts) => {
  expect(parseUrl(href)).toMatchObject({ href, ...parts });
});

test.each([
  ['', UNRECOGNIZED],
  ['a/b', UNRECOGNIZED],
  ['localhost:80/', UNRECOGNIZED],
  ['ftp://a/', UNRECOGNIZED],
  ['http:', INVALID],
  ['http:a', INVALID],
  ['http://', INVALID],
  ['http://:80/', INVALID],
  ['http://a:65536/', INVALID],
  ['http://a:b/', INVALID],
  ['http://[::1/', INVALID],
  ['http://[nothing]/', INVALID],
  ['http://a b/', INVALID],
])('%j is not a valid URL', (href, hresult) => {
  expect(parseUrl(href)).toBe(hresult);
});

const NONE = { codePage: 65001, percent: false, disable: false, disableQuery: false };
const ODD = '"<>[\\]^`{|}\x7f\x01 ';
const ESCAPED = '%22%3C%3E%5B%5C%5D%5E%60%7B%7C%7D%7F%01%20';
const PLAIN = "!$&'()*+,-./:;=?@_~%41%zz";

test.each([
  ['by default', NONE, `/${ODD}é😀${PLAIN}`, `?${ODD}`, `/${ESCAPED}%C3%A9%F0%9F%98%80${PLAIN}?${ESCAPED}`],
  ['with ESCAPE_PERCENT', { ...NONE, percent: true }, '/%41 ', '?%', '/%2541%20?%25'],
  ['with ESCAPE_DISABLE', { ...NONE, disable: true }, '/"{ é', '?<é', '/"{%20%C3%A9?<%C3%A9'],
  ['with ESCAPE_DISABLE_QUERY', { ...NONE, disableQuery: true }, '/"{ ', '?<{ %', '/%22%7B%20?<{%20%'],
  ['in windows-1252', { ...NONE, codePage: 1252 }, '/é', '?é&€&世', '/%C3%A9?%E9&%80&%3F'],
  ['in Shift_JIS', { ...NONE, codePage: 932 }, '/', '?日', '/?%93%FA'],
  ['of a lone surrogate', NONE, '/\ud800', '', '/%EF%BF%BD'],
])('the request target %s', (_what, flags, path, query, target) => {
  expect(escapeTarget(path, query, flags)).toBe(target);
});

describe('a request target', () => {
  const path = fc.string({ unit: 'binary', maxLength: 20 }).map((text) => `/${text}`);
  const query = fc.string({ unit: 'binary', maxLength: 20 }).map((text) => `?${text}`);
  const flags = fc.record({
    codePage: fc.constantFrom(65001, 1252, 932),
    percent: fc.boolean(),
    disable: fc.boolean(),
    disableQuery: fc.boolean(),
  });
  const wellFormed = (text: string) => Buffer.from(text).toString();

  test('never contains a blank, a line break or a byte beyond ASCII, except as the flags demand', () => {
    fc.assert(
      fc.property(path, query, flags, (one, two, how) => {
        const target = escapeTarget(one, two, how);
        expect(target).not.toMatch(/[ \x80-\u{10ffff}]/u);
        if (!how.disable && !how.disableQuery) expect(target).toMatch(/^[!-~]+$/);
      }),
    );
  });

  test('equals its input when it is unescaped, if the percent sign is escaped too', () => {
    fc.assert(
      fc.property(path, query, (one, two) => {
        const target = escapeTarget(one, two, { ...NONE, percent: true });
        expect(decodeURIComponent(target)).toBe(wellFormed(one + two));
      }),
    );
  });

  test('is not changed by escaping it again', () => {
    fc.assert(
      fc.property(path, query, flags, (one, two, { codePage }) => {
        const once = escapeTarget(one, two, { ...NONE, codePage });
        expect(escapeTarget(once, '', NONE)).toBe(once);
      }),
    );
  });
});
