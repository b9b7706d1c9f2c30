// Decisions without a network: proxies, redirects, options, texts.
import { expect, test } from 'vitest';
import { HResult } from '../../../lib/hresult.ts';
import { ResponseHead } from '../../../lib/http1/response-head.ts';

import { charsetOf, decodeText } from '../../../lib/winhttp/charset.ts';
import { RequestHeaders } from '../../../lib/winhttp/portable/headers.ts';
import { Options } from '../../../lib/winhttp/portable/option-values.ts';
import { nextRequest } from '../../../lib/winhttp/portable/redirects.ts';
import { parseUrl, type RequestUrl } from '../../../lib/winhttp/portable/url.ts';
import { encodeBody } from '../../../lib/winhttp/portable/wire-body.ts';
import { WinHttpRequestOption as Option } from '../../../lib/winhttp/request-option.ts';

const url = (href: string): RequestUrl => {
  const parsed = parseUrl(href);
  if (typeof parsed === 'number') throw new Error(href);
  return parsed;
};

const RULES = { follow: true, max: 2, httpsToHttp: false };
const head = (status: number, location?: string) =>
  new ResponseHead(status, '', location === undefined ? [] : ['LOCATION', location]);

test.each([
  [302, 'POST', 'GET', false],
  [303, 'HEAD', 'HEAD', true],
  [301, 'PUT', 'PUT', true],
  [307, 'POST', 'POST', true],
  [308, 'POST', 'POST', true],
])('status %s turns a %s into a %s', (status, method, next, keepsBody) => {
  const found = nextRequest(head(status, '../c d?e'), url('http://a/x/y/z'), method, 0, RULES);
  expect(found).toMatchObject({ kind: 'follow', method: next, keepsBody, url: { href: 'http://a/x/c%20d?e' } });
});

test.each([
  [200, '/', 0, RULES, 'final'],
  [304, '/', 0, RULES, 'final'],
  [305, '/', 0, RULES, 'final'],
  [302, '/', 0, { ...RULES, follow: false }, 'final'],
  [300, undefined, 0, RULES, 'final'],
  [302, undefined, 0, RULES, 'failure'],
  [302, '/', 2, RULES, 'failure'],
  [302, 'ftp://a/', 0, RULES, 'failure'],
  [302, 'http://', 0, RULES, 'failure'],
])('%s to %s after %s hops', (status, location, hops, rules, kind) => {
  expect(nextRequest(head(status, location), url('http://a/'), 'GET', hops, rules).kind).toBe(kind);
});

test('a Location in UTF-8 or latin1', () => {
  for (const location of [Buffer.from('/é'), Buffer.from('/é', 'latin1')]) {
    const found = nextRequest(head(302, location.toString('latin1')), url('http://a/'), 'GET', 0, RULES);
    expect(found).toMatchObject({ kind: 'follow', url: { href: 'http://a/%C3%A9' } });
  }
});

test.each([
  [Option.EnableRedirects, 'false', false],
  [Option.EnableRedirects, 'True', true],
  [Option.EnableRedirects, 0, false],
  [Option.EnableRedirects, '1', true],
  [Option.EnableRedirects, 'maybe', HResult.DISP_E_TYPEMISMATCH],
  [Option.URLCodePage, 'UTF-8', 65001],
  [Option.URLCodePage, '1252', 1252],
  [Option.URLCodePage, 0xffffffff, -1],
  [Option.URLCodePage, true, -1],
  [Option.URLCodePage, 1e300, HResult.DISP_E_TYPEMISMATCH],
  [Option.URLCodePage, '', HResult.DISP_E_TYPEMISMATCH],
  [Option.UserAgentString, 5, '5'],
  [Option.UserAgentString, '世', HResult.E_INVALIDARG],
  [Option.MaxAutomaticRedirects, -1, HResult.E_INVALIDARG],
  [Option.SslErrorIgnoreFlags, 0x3300, 0x3300],
  [Option.URL, 'http://a/', HResult.ERROR_WINHTTP_OPTION_NOT_SETTABLE],
  [99, 1, HResult.E_INVALIDARG],
])('option %s set to %j', (id, value, expected) => {
  const options = new Options();
  const hresult = options.set(id, value);
  expect(hresult === 0 ? options.get(id) : hresult).toBe(expected);
});

test.each([
  ['a; charset=utf-8', 'utf-8'],
  ['a;CHARSET = "Shift_JIS" ; x=y', 'Shift_JIS'],
  ['a; x=charset', undefined],
  ['', undefined],
])('the charset of %j', (type, charset) => {
  expect(charsetOf(type)).toBe(charset);
});

test.each([
  ['80929f81', '', '€’Ÿ\u0081'],
  ['efbbbf41', 'a; charset=utf-8', '\ufeffA'],
  ['e9', 'a; charset=iso-8859-1', 'é'],
  ['80', 'a; charset=nobody-knows', '€'],
  ['4100', 'a; charset=utf-8', 'A\0'],
])('the bytes %s as %j', (hex, type, text) => {
  expect(decodeText(Buffer.from(hex, 'hex'), type)).toBe(text);
});

test.each([
  ['ascii', undefined, undefined],
  ['é', undefined, 'text/plain; Charset=UTF-8'],
  ['é', 'application/json', 'application/json; Charset=UTF-8'],
  ['é', 'a/b; charset=x', 'a/b; charset=x'],
])('the Content-Type of %j given %j', (body, given, expected) => {
  const headers = new RequestHeaders();
  if (given !== undefined) headers.set('content-type', given);
  expect(encodeBody(body, headers)?.toString()).toBe(body);
  expect(headers.get('content-type')).toBe(expected);
});
