// RFC 9110 section 15.4, as the object implements it.
import { describe, expect, test } from 'vitest';
import { HResult } from '../../../lib/hresult.ts';
import { ResponseHead } from '../../../lib/http1/response-head.ts';
import { nextRequest, type RedirectRules } from '../../../lib/winhttp/portable/redirects.ts';
import { parseUrl, type RequestUrl } from '../../../lib/winhttp/portable/url.ts';

const USUAL: RedirectRules = { follow: true, max: 10, httpsToHttp: false };
const url = (href: string) => parseUrl(href) as RequestUrl;

interface Asked {
  status?: number;
  location?: string | undefined;
  from?: string;
  method?: string;
  hops?: number;
  rules?: Partial<RedirectRules>;
}

function next({ status = 302, location, from = 'http://a.test/one/two?q', method = 'GET', hops = 0, rules }: Asked) {
  const raw = location === undefined ? [] : ['Location', location];
  const head = new ResponseHead(status, '', raw);
  return nextRequest(head, url(from), method, hops, { ...USUAL, ...rules });
}

describe('a redirect', () => {
  test.each([
    [300, 'POST', 'GET', false],
    [301, 'POST', 'GET', false],
    [302, 'POST', 'GET', false],
    [303, 'POST', 'GET', false],
    [307, 'POST', 'POST', true],
    [308, 'POST', 'POST', true],
    [301, 'PUT', 'PUT', true],
    [303, 'DELETE', 'DELETE', true],
    [303, 'HEAD', 'HEAD', true],
    [302, 'GET', 'GET', true],
    [302, '', '', true],
    [302, 'post', 'post', true],
  ])('by %i of a %s is followed by a %s', (status, method, becomes, keepsBody) => {
    expect(next({ status, method, location: '/' })).toMatchObject({ kind: 'follow', method: becomes, keepsBody });
  });

  test.each([200, 204, 299, 304, 305, 306, 309, 400])('is not followed with the status %i', (status) => {
    expect(next({ status, location: '/' })).toEqual({ kind: 'final' });
  });

  test.each([
    ['/three', 'http://a.test/three'],
    ['three', 'http://a.test/one/three'],
    ['?only', 'http://a.test/one/two?only'],
    ['#only', 'http://a.test/one/two?q'],
    ['//b.test:81/x', 'http://b.test:81/x'],
    ['https://b.test/', 'https://b.test/'],
    ['../../..', 'http://a.test/'],
    ['/\u00c3\u00a9', 'http://a.test/%C3%A9'],
    ['/\u00e9', 'http://a.test/%C3%A9'],
  ])('to %j leads to %s', (location, href) => {
    expect(next({ location })).toMatchObject({ kind: 'follow', url: { href } });
  });

  test.each([
    ['ftp://a.test/', HResult.ERROR_WINHTTP_UNRECOGNIZED_SCHEME],
    ['javascript:alert(1)', HResult.ERROR_WINHTTP_UNRECOGNIZED_SCHEME],
    ['http://', HResult.ERROR_WINHTTP_INVALID_URL],
    // Targets that Open rejects are not followed, and no prefix hides the host.
    ['http:////b.test', HResult.ERROR_WINHTTP_INVALID_URL],
    ['http:///b.test', HResult.ERROR_WINHTTP_INVALID_URL],
    ['http:b.test', HResult.ERROR_WINHTTP_INVALID_URL],
    ['http:/b.test', HResult.ERROR_WINHTTP_INVALID_URL],
    ['http:\\\\b.test', HResult.ERROR_WINHTTP_INVALID_URL],
    ['///b.test', HResult.ERROR_WINHTTP_INVALID_URL],
    ['/\\b.test', HResult.ERROR_WINHTTP_INVALID_URL],
    ['\\\\b.test', HResult.ERROR_WINHTTP_INVALID_URL],
    ['/\t/b.test', HResult.ERROR_WINHTTP_INVALID_URL],
    ['', HResult.ERROR_WINHTTP_HEADER_NOT_FOUND],
    ['http://a:99999/', HResult.ERROR_WINHTTP_INVALID_URL],
  ])('to %j fails', (location, hresult) => {
    expect(next({ location })).toMatchObject({ kind: 'failure', hresult });
  });

  // Hosts that Open accepts and the class URL rejects.
  test.each([
    ['http://host.1/one/two', '/three', 'http://host.1/three'],
    ['http://host.1/one/two', '../three?q', 'http://host.1/three?q'],
    ['https://host.1:444/one/two', 'three', 'https://host.1:444/one/three'],
    ['http://[fe80::1%25eth0]:81/', '/x', 'http://[fe80::1%eth0]:81/x'],
    ['http://a.test/', 'http://1.2.3.4.5/x', 'http://1.2.3.4.5/x'],
    ['https://a.test/', '//host.1/x', 'https://host.1/x'],
  ])('from %s to %s leads to %s', (from, location, href) => {
    expect(next({ from, location })).toMatchObject({ kind: 'follow', url: { href } });
  });

  test('without Location fails, except 300, which is then the response', () => {
    expect(next({ status: 300 })).toEqual({ kind: 'final' });
    for (const status of [301, 302, 303, 307, 308]) {
      expect(next({ status })).toMatchObject({ kind: 'failure', hresult: HResult.ERROR_WINHTTP_HEADER_NOT_FOUND });
    }
  });

  test('is not followed if the options disable it, or beyond their number', () => {
    expect(next({ location: '/', rules: { follow: false } })).toEqual({ kind: 'final' });
    expect(next({ location: '/', hops: 9 }).kind).toBe('follow');
    expect(next({ location: '/', hops: 10 })).toMatchObject({ hresult: HResult.ERROR_WINHTTP_REDIRECT_FAILED });
    expect(next({ location: '/', rules: { max: 0 } })).toMatchObject({ kind: 'failure' });
  });

  test('from https to http is the response, unless option 12 allows it', () => {
    const from = 'https://a.test/';
    expect(next({ from, location: 'http://a.test/' })).toEqual({ kind: 'final' });
    expect(next({ from, location: 'http://a.test/', rules: { httpsToHttp: true } }).kind).toBe('follow');
    expect(next({ from, location: 'https://b.test/' }).kind).toBe('follow');
    expect(next({ location: 'https://a.test/' }).kind).toBe('follow');
  });
});

test('a Location that is not followed is named without user and query, and short', () => {
  const detail = (location: string) => (next({ location }) as { detail?: string }).detail;
  expect(detail('http://me:secret@a.test:99999/x?token=secret#secret')).toBe('Location: http://a.test:99999/x');
  expect(detail('ftp://me:secret@a.test/x')).toBe('Location: ftp://a.test/x');
  expect(detail(`ftp://a.test/${'x'.repeat(1000)}`)?.length).toBeLessThan(100);
});
