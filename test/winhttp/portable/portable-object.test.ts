// What the portable object rejects, and in which states.
import { describe, expect, test } from 'vitest';
import type { WinHttpRequest } from '../../../lib/index.ts';
import { RawServer } from '../../helpers/http-raw-server.ts';
import { create, failure, opened, sent } from '../../helpers/http-request.ts';
import { HttpServer } from '../../helpers/http-server.ts';

test.each(['A B', 'GET/', 'Ä', '(', '"'])(
  'the invalid method %j is rejected, and the object is unchanged',
  async (method) => {
    await using server = await HttpServer.start();
    const request = await opened(server.url());
    const error = await failure(request.open(method, server.url()), 'E_INVALIDARG');
    expect(error.syscall).toBe('IWinHttpRequest::Open');
    await request.send();
    expect(await request.responseText).toBe('hello');
  },
);

test.each(['M-SEARCH', 'x', "!#$%&'*+-.^_`|~09Az"])('the method %j is valid, and is sent unchanged', async (method) => {
  await using server = await RawServer.answering('HTTP/1.1 204 None\r\n\r\n');
  await sent(server.url('/x'), method);
  expect(server.heads[0]).toMatch(/^\S+ \/x HTTP\/1\.1\r\n/);
  expect(server.heads[0]?.startsWith(`${method} `)).toBe(true);
});

test.each([
  ['', 'v'],
  ['A B', 'v'],
  ['A:', 'v'],
  ['Ä', 'v'],
  ['A', 'a\u0100'],
  ['A', '\u007f'],
])('the header %j: %j is rejected, and nothing of it is sent', async (name, value) => {
  await using server = await HttpServer.start();
  const request = await opened(server.url());
  await request.setRequestHeader('X-Kept', 'yes');
  await expect(request.setRequestHeader(name, value)).rejects.toThrow();
  await request.send();
  const seen = await server.arrived();
  expect(seen.headers.map(([one]) => one)).toContain('X-Kept');
  expect(seen.headers.map(([one]) => one)).not.toContain(name);
});

test('a header set twice is sent once, in its last spelling; null removes it', async () => {
  await using server = await HttpServer.start();
  const request = await opened(server.url());
  await request.setRequestHeader('X-One', '1');
  await request.setRequestHeader('x-one', '2');
  await request.setRequestHeader('X-Two', '3');
  await request.setRequestHeader('x-TWO', null as never);
  await request.send();
  const own = (await server.arrived()).headers.filter(([name]) => /^x-/i.test(name));
  expect(own).toEqual([['x-one', '2']]);
});

test.each(['\r', '\n', '\0'])('a URL with %j is invalid, with any escape options', async (character) => {
  await using server = await HttpServer.start();
  for (const option of ['EscapePercentInURL', 'UrlEscapeDisable', 'UrlEscapeDisableQuery'] as const) {
    for (const before of ['/', '/?']) {
      const request = await create();
      await request.setOption(option, true);
      const attempt = request.open('GET', `${server.url(before)}${character}X: y`);
      await expect(attempt).rejects.toMatchObject({ code: 'ERR_INVALID_CHAR' });
    }
  }
  expect(server.connections).toBe(0);
});

test('a certificate of the Windows store fails at Send', async () => {
  const chosen: ((request: WinHttpRequest) => Promise<void>)[] = [
    (request) => request.setClientCertificate('LOCAL_MACHINE\\Personal\\Name'),
    (request) => request.setOption('SelectCertificate', 'Name'),
  ];
  for (const choose of chosen) {
    await using server = await HttpServer.start();
    const request = await create();
    await choose(request);
    await request.open('GET', server.url());
    const error = await failure(request.send(), 'ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED');
    expect(error.message).toMatch(/Name.*give \{ cert, key \} or \{ pfx \} here/);
    expect(server.connections).toBe(0);
  }
});

describe('before there is a response', () => {
  const getters: [name: string, get: (request: WinHttpRequest) => Promise<unknown>][] = [
    ['status', (request) => request.status],
    ['statusText', (request) => request.statusText],
    ['getAllResponseHeaders', (request) => request.getAllResponseHeaders()],
    ['getResponseHeader', (request) => request.getResponseHeader('Date')],
    ['responseText', (request) => request.responseText],
    ['responseBody', (request) => request.responseBody],
    ['responseStream', (request) => request.responseStream],
  ];

  test.each(getters)('%s fails with the code of its state', async (_, get) => {
    await using server = await HttpServer.start();
    const request = await create();
    await failure(get(request), 'ERROR_WINHTTP_CANNOT_CALL_BEFORE_SEND');
    await request.open('GET', server.url('/never'));
    await failure(get(request), 'ERROR_WINHTTP_CANNOT_CALL_BEFORE_SEND');
    const pending = request.send();
    await server.arrived();
    await failure(get(request), 'E_PENDING');
    await request.abort();
    await failure(pending, 'ERROR_WINHTTP_OPERATION_CANCELLED');
    await failure(get(request), 'ERROR_WINHTTP_CANNOT_CALL_BEFORE_SEND');
  });

  test('a failed request reports nothing of an earlier one', async () => {
    await using server = await HttpServer.start();
    const request = await sent(server.url());
    await request.open('GET', server.url('/reset'));
    await failure(request.send(), 'ERROR_WINHTTP_CONNECTION_ERROR');
    for (const [, get] of getters) await failure(get(request), 'ERROR_WINHTTP_CANNOT_CALL_BEFORE_SEND');
  });
});

test('the URL of the object is the opened one, then that of the last redirect', async () => {
  await using server = await HttpServer.start();
  const request = await create();
  await failure(request.getOption('URL'), 'ERROR_WINHTTP_CANNOT_CALL_BEFORE_OPEN');
  await request.open('GET', server.url('/hops?left=2'));
  expect(await request.getOption('URL')).toBe(server.url('/hops?left=2'));
  await request.send();
  expect(await request.getOption('URL')).toBe(server.url('/hops?left=0'));
});
