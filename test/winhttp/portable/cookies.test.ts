// The cookies of one object, with a server that sets them and reports what it received.
import { describe, expect, test } from 'vitest';
import { Cookies } from '../../../lib/winhttp/portable/cookies.ts';
import { parseUrl, type RequestUrl } from '../../../lib/winhttp/portable/url.ts';
import { RawServer } from '../../helpers/http-raw-server.ts';
import { create, opened } from '../../helpers/http-request.ts';

const url = (href: string) => parseUrl(href) as RequestUrl;

async function sentTo(href: string, from: string, ...set: string[]): Promise<string | undefined> {
  const cookies = new Cookies();
  await cookies.store(url(from), set);
  return cookies.for(url(href));
}

describe('a cookie', () => {
  test.each([
    ['a=1', 'http://a.test/', 'http://a.test/any/path', 'a=1'],
    ['a=1; Path=/one', 'http://a.test/', 'http://a.test/one/two', 'a=1'],
    ['a=1; Path=/one', 'http://a.test/', 'http://a.test/onetwo', undefined],
    ['a=1', 'http://a.test/one/two', 'http://a.test/other', undefined],
    ['a=1', 'http://a.test/', 'http://b.test/', undefined],
    ['a=1', 'http://a.test/', 'http://sub.a.test/', undefined],
    ['a=1; Domain=a.test', 'http://a.test/', 'http://sub.a.test/', 'a=1'],
    ['a=1; Domain=b.test', 'http://a.test/', 'http://b.test/', undefined],
    ['a=1; Domain=com', 'http://a.com/', 'http://b.com/', undefined],
    ['a=1; Secure', 'https://a.test/', 'https://a.test/', 'a=1'],
    ['a=1; Secure', 'https://a.test/', 'http://a.test/', undefined],
    ['a=1; Max-Age=0', 'http://a.test/', 'http://a.test/', undefined],
    ['a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT', 'http://a.test/', 'http://a.test/', undefined],
    ['a=1; HttpOnly', 'http://a.test/', 'http://a.test/', 'a=1'],
    ['a=b=c; Path=/', 'http://a.test/', 'http://a.test/', 'a=b=c'],
    ['a=1', 'http://127.0.0.1:81/', 'http://127.0.0.1:82/', 'a=1'],
    ['a=1', 'http://[::1]/', 'http://[::1]/', 'a=1'],
    ['no name', 'http://a.test/', 'http://a.test/', 'no name'],
    ['', 'http://a.test/', 'http://a.test/', undefined],
    ['a=\u0001', 'http://a.test/', 'http://a.test/', undefined],
  ])('%j of %s goes to %s as %j', async (set, from, to, expected) => {
    expect(await sentTo(to, from, set)).toBe(expected);
  });

  test('is replaced by one with its name and path; the longest path comes first', async () => {
    const from = 'http://a.test/one/';
    expect(await sentTo(from, from, 'a=1; Path=/', 'b=2; Path=/one', 'a=3; Path=/')).toBe('b=2; a=3');
  });
});

test('nothing is sent before a cookie is set', () => {
  expect(new Cookies().for(url('http://a.test/'))).toBeUndefined();
});

/** Sets the cookie in the path, and answers. */
const cookieServer = () =>
  RawServer.start((socket, head) => {
    const [, set = ''] = /^GET \/set\/(\S*)/.exec(head) ?? [];
    const line = set === '' ? '' : `Set-Cookie: ${decodeURIComponent(set)}\r\n`;
    const isMoved = set.startsWith('moved');
    const status = isMoved ? '302 Moved\r\nLocation: /after' : '200 OK';
    socket.write(`HTTP/1.1 ${status}\r\n${line}Content-Length: 0\r\n\r\n`);
  });

const cookiesOf = (head: string | undefined) => /^Cookie: (.*)\r$/m.exec(head ?? '')?.[1];

test('an object keeps its cookies for its next request, and does not share them', async () => {
  await using server = await cookieServer();
  const request = await opened(server.url('/set/a=1;Path=%2F'));
  await request.send();
  await request.open('GET', server.url('/next'));
  await request.send();
  const other = await create();
  await other.open('GET', server.url('/other'));
  await other.send();
  expect(server.heads.map(cookiesOf)).toEqual([undefined, 'a=1', undefined]);
});

test('a cookie of a redirect is sent to its target, after those of the caller', async () => {
  await using server = await cookieServer();
  const request = await opened(server.url('/set/moved=1;Path=%2F'));
  await request.setRequestHeader('Cookie', 'own=2');
  await request.send();
  expect(server.heads.map(cookiesOf)).toEqual(['own=2', 'own=2; moved=1']);
});
