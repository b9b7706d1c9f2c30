// WinHttpRequest.request: a whole request with one call.
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { AutoLogonPolicy, WinHttpRequest, type WinHttpRequestInit, WinHttpResponse } from '../../../lib/index.ts';
import { closedPort } from '../../../lib/parity/http-server.ts';
import { failure } from '../../helpers/http-request.ts';
import { CHARSETS, HttpServer, headerOf, USER } from '../../helpers/http-server.ts';

const get = (url: string | URL, init: WinHttpRequestInit = {}) =>
  WinHttpRequest.request(url, { backend: 'portable', ...init });

test('resolves to status, headers, body and URL', async () => {
  await using server = await HttpServer.start();
  const response = await get(new URL(server.url('/cookies')));
  expect(response).toBeInstanceOf(WinHttpResponse);
  expect(response).toMatchObject({ status: 200, statusText: 'OK', url: server.url('/cookies') });
  const { headers } = response;
  expect(headers.get('SET-COOKIE')).toBe('first=1; Path=/, second=2; Path=/');
  expect(headers.getSetCookie()).toEqual(['first=1; Path=/', 'second=2; Path=/']);
  expect([headers.has('set-cookie'), headers.has('x'), headers.get('x')]).toEqual([true, false, null]);
  expect([...headers.entries()][0]).toEqual(['Set-Cookie', 'first=1; Path=/']);
  expect(JSON.parse(JSON.stringify(headers))).toMatchObject({ 'content-length': '0' });
  expect(headers.toString()).toMatch(/^Set-Cookie: first=1; Path=\/\r\n/);
  expect(response.body.length).toBe(0);
});

test.each(Object.entries(CHARSETS))('text() decodes %s', async (type, [, text]) => {
  await using server = await HttpServer.start();
  expect((await get(server.url(`/charset?type=${encodeURIComponent(type)}`))).text()).toBe(text);
});

test('text() throws for invalid bytes; gzip is not decompressed', async () => {
  await using server = await HttpServer.start();
  const type = encodeURIComponent('text/plain; charset="UTF-8"');
  const response = await get(server.url(`/charset?type=${type}&hex=ff`));
  expect(() => response.text()).toThrow(expect.objectContaining({ code: 'ERROR_NO_UNICODE_TRANSLATION' }));
  expect((await get(server.url('/gzip'))).body.subarray(0, 2).toString('hex')).toBe('1f8b');
});

test('accepts all settings', async () => {
  await using server = await HttpServer.start();
  const response = await get(server.url('/basic'), {
    method: 'PUT',
    headers: [['X-One', '1']],
    body: Readable.from(['some', 'thing']),
    timeouts: { connect: 1000 },
    proxy: { setting: 1 },
    credentials: USER,
    autoLogonPolicy: AutoLogonPolicy.Never,
    options: { UserAgentString: 'tester', EnableRedirects: false },
  });
  expect(response.text()).toBe('welcome');
  const seen = await server.arrived(2);
  expect(seen).toMatchObject({ method: 'PUT', body: Buffer.from('something') });
  expect([headerOf(seen, 'user-agent'), headerOf(seen, 'x-one')]).toEqual(['tester', '1']);
});

test('a body makes it a POST', async () => {
  await using server = await HttpServer.start();
  await get(server.url(), { body: 'x', headers: { A: 'b' } });
  await get(server.url(), { headers: new Headers({ c: 'd' }) });
  expect(server.requests.map(({ method }) => method)).toEqual(['POST', 'GET']);
});

test('cookies and the final URL over redirects, but not from one request to the next', async () => {
  await using server = await HttpServer.start();
  expect(await get(server.url('/hops?left=3'))).toMatchObject({ status: 200, url: server.url('/hops?left=0') });
  await failure(get(server.url('/loop')), 'ERROR_WINHTTP_REDIRECT_FAILED');
  await get(server.url('/cookies'));
  await get(server.url('/echo'));
  expect(headerOf(await server.arrived(server.requests.length), 'cookie')).toBeUndefined();
});

test('progress in both directions', async () => {
  await using server = await HttpServer.start();
  const told: unknown[] = [];
  const body = new Uint8Array(100 * 1024);
  await get(server.url('/echo'), {
    body,
    onUploadProgress: (sent, total) => told.push(['up', sent, total]),
    onDownloadProgress: (received) => told.push(['down', received]),
  });
  expect(told).toContainEqual(['up', body.length, body.length]);
  expect(told.at(-1)).toEqual(['down', body.length]);
});

test('a signal aborts it at every moment, and the connection is closed', async () => {
  await using server = await HttpServer.start();
  const abortError = { name: 'AbortError', cause: 'enough' };
  await expect(get(server.url(), { signal: AbortSignal.abort('enough') })).rejects.toMatchObject(abortError);
  expect(server.requests.length).toBe(0);
  for (const path of ['/never', '/head-only']) {
    const controller = new AbortController();
    const pending = get(server.url(path), {
      signal: controller.signal,
      onDownloadProgress: () => controller.abort('enough'),
    });
    await server.arrived(server.requests.length + 1);
    if (path === '/never') controller.abort('enough');
    await expect(pending).rejects.toMatchObject(abortError);
    await server.allClosed();
  }
  const controller = new AbortController();
  const source = new Readable({ read() {} });
  const pending = get(server.url(), { body: source, signal: controller.signal });
  setImmediate(() => controller.abort('enough'));
  await expect(pending).rejects.toMatchObject(abortError);
  expect(source.destroyed).toBe(true);
});

test.each([
  ['an unknown scheme', 'ftp://a/', {}, 'ERROR_WINHTTP_UNRECOGNIZED_SCHEME', 'Open'],
  ['an invalid URL', 'http://', {}, 'ERROR_WINHTTP_INVALID_URL', 'Open'],
  ['an invalid method', 'http://a/', { method: 'A B' }, 'E_INVALIDARG', 'Open'],
  [
    'an invalid header name',
    'http://a/',
    { headers: { 'a b': '' } },
    'ERROR_WINHTTP_INVALID_HEADER',
    'SetRequestHeader',
  ],
  ['a value beyond latin1', 'http://a/', { headers: { a: '世' } }, 'ERROR_WINHTTP_INVALID_HEADER', 'SetRequestHeader'],
  ['a time below -1', 'http://a/', { timeouts: { send: -2 } }, 'E_INVALIDARG', 'SetTimeouts'],
  ['an unknown proxy setting', 'http://a/', { proxy: { setting: 7 as never } }, 'E_INVALIDARG', 'SetProxy'],
  ['an unknown policy', 'http://a/', { autoLogonPolicy: 7 as never }, 'E_INVALIDARG', 'SetAutoLogonPolicy'],
  [
    'an unknown target',
    'http://a/',
    { credentials: { ...USER, target: 7 as never } },
    'E_INVALIDARG',
    'SetCredentials',
  ],
  ['a bit that cannot be ignored', 'https://a/', { options: { SslErrorIgnoreFlags: 1 } }, 'E_INVALIDARG', 'Option'],
  [
    'a user that is not wanted',
    'http://u:p@a/',
    { options: { RejectUserpwd: true } },
    'ERROR_WINHTTP_INVALID_URL',
    'Open',
  ],
  [
    'a certificate of a store',
    'https://a/',
    { clientCertificate: 'MY' },
    'ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED',
    'Send',
  ],
] as const)('%s', async (_what, url, init, code, member) => {
  const error = await failure(get(url, init), code);
  expect(error.syscall).toBe(`IWinHttpRequest::${member}`);
});

test('failures of the transport', async () => {
  await using server = await HttpServer.start();
  await failure(get(`http://127.0.0.1:${await closedPort()}/`), 'ERROR_WINHTTP_CANNOT_CONNECT');
  await failure(get(server.url('/reset')), 'ERROR_WINHTTP_CONNECTION_ERROR');
  await failure(get(server.url('/short')), 'ERROR_WINHTTP_CONNECTION_ERROR');
  await failure(get(server.url('/never'), { timeouts: { receive: 50 } }), 'ERROR_WINHTTP_TIMEOUT');
  expect((await get(server.url('/trailers'))).text()).toBe('chunk one, chunk two');
});

test('arguments of other types', async () => {
  for (const init of [
    { headers: 1 },
    { headers: [1] },
    { credentials: 1 },
    { onUploadProgress: 1 },
    { body: 1 },
    { proxy: 1 },
  ]) {
    await expect(get('http://a/', init as never)).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
  }
});

test('an init must be an object', async () => {
  for (const init of [5, 'GET', true]) {
    const request = WinHttpRequest.request('http://127.0.0.1:1/', init as WinHttpRequestInit);
    await expect(request).rejects.toMatchObject({ name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' });
  }
  await using server = await HttpServer.start();
  const none = null as unknown as WinHttpRequestInit;
  expect((await WinHttpRequest.request(server.url(), none)).status).toBe(200);
});

test('an exception of a callback does not fail the request', async () => {
  await using server = await HttpServer.start();
  const thrown: unknown[] = [];
  const before = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', (error) => thrown.push(error.message));
  const fail = (message: string) => () => {
    throw new Error(message);
  };
  const init = { body: Buffer.alloc(2 ** 20), onUploadProgress: fail('up'), onDownloadProgress: fail('down') };
  const response = await get(server.url('/echo'), init);
  await new Promise((resolve) => setImmediate(resolve));
  process.removeAllListeners('uncaughtException');
  for (const listener of before) process.on('uncaughtException', listener);
  expect(response.body).toHaveLength(2 ** 20);
  expect(new Set(thrown)).toEqual(new Set(['up', 'down']));
});
