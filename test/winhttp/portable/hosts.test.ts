// Hosts that one parser accepts and another rejects: hosts that Open accepts are sent, or fail with a code; and no
// error leaks a socket.
import { expect, test } from 'vitest';
import { ProxySetting, SslErrorFlag, type WinHttpRequest } from '../../../lib/index.ts';
import { RawServer } from '../../helpers/http-raw-server.ts';
import { create, failure } from '../../helpers/http-request.ts';

const OK = 'HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 2\r\n\r\nok';

async function through(proxy: RawServer, url: string): Promise<WinHttpRequest> {
  const request = await create();
  await request.setProxy(ProxySetting.PROXY, `127.0.0.1:${proxy.port}`);
  await request.setOption('SslErrorIgnoreFlags', SslErrorFlag.Ignore_All);
  await request.open('GET', url);
  return request;
}

const HOSTS = [
  ['host.1', 'host.1'],
  ['1.2.3.4.5', '1.2.3.4.5'],
  ['999.1.1.1', '999.1.1.1'],
  ['0x7f.1', '0x7f.1'],
  ['host.', 'host.'],
  ['a..b', 'a..b'],
  ['.', '.'],
  ['-a-', '-a-'],
  ['under_score', 'under_score'],
  ['xn--a', 'xn--a'],
  ['b\u00fccher.test', 'xn--bcher-kva.test'],
  ['\u4f8b\u3048.test', 'xn--r8jz45g.test'],
  ['HOST', 'host'],
  ['[::1]', '[::1]'],
  ['[fe80::1%25lo]', '[fe80::1]'],
  ['host:', 'host'],
  ['host:0', 'host:0'],
  ['x'.repeat(64), 'x'.repeat(64)],
  ['x'.repeat(300), 'x'.repeat(300)],
] as const;

test.each(HOSTS)('http to %s by a proxy, with a redirect and a cookie', async (host, authority) => {
  await using proxy = await RawServer.start((socket, head) => {
    socket.write(head.includes('/to') ? OK : OK.replace('200 OK', '302 X\r\nLocation: /to'));
  });
  const request = await through(proxy, `http://${host}/`);
  await request.send();
  expect(await request.responseText).toBe('ok');
  expect(proxy.heads.map((head) => head.split('\r\n')[0])).toEqual([
    `GET http://${authority}/ HTTP/1.1`,
    `GET http://${authority}/to HTTP/1.1`,
  ]);
  expect(proxy.heads[1]).toContain(`\r\nHost: ${authority}\r\n`);
});

test.each(HOSTS)('https to %s by a proxy', async (host, authority) => {
  await using proxy = await RawServer.answering('HTTP/1.1 502 No\r\n\r\n');
  await failure((await through(proxy, `https://${host}/`)).send(), 'ERROR_WINHTTP_CANNOT_CONNECT');
  const target = /:\d+$/.test(authority) ? authority : `${authority}:443`;
  expect(proxy.heads[0]).toMatch(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n`);
  await expect.poll(() => proxy.open).toBe(0);
});

test.each(['host.1', '1.2.3.4.5', '999.1.1.1', 'a..b', '.', '-a-', 'xn--a', 'x'.repeat(64), 'x'.repeat(300)])(
  'http to %s directly fails with an unknown name',
  async (host) => {
    const request = await create();
    await request.open('GET', `http://${host}/`);
    await request.setTimeouts(20_000, 20_000, 20_000, 20_000);
    await failure(request.send(), 'ERROR_WINHTTP_NAME_NOT_RESOLVED');
  },
);

test.each(['127.0.0.1', 'LOCALHOST', '127.1'])('http to %s directly', async (host) => {
  await using server = await RawServer.answering(OK);
  const request = await create();
  await request.open('GET', `http://${host}:${server.port}/`);
  await request.send();
  expect(await request.responseText).toBe('ok');
});

test.each([
  ['no TLS', 'HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 400 No TLS\r\n\r\n', 'ERROR_WINHTTP_SECURE_CHANNEL_ERROR'],
  ['another status', 'HTTP/1.1 403 No\r\nContent-Length: 1000\r\n\r\n', 'ERROR_WINHTTP_CANNOT_CONNECT'],
  ['no HTTP', 'SSH-2.0', 'ERROR_WINHTTP_INVALID_SERVER_RESPONSE'],
  ['a challenge without end', 'HTTP/1.1 407 Who\r\nA: ', 'ERROR_WINHTTP_TIMEOUT'],
  ['nothing', '', 'ERROR_WINHTTP_TIMEOUT'],
])('a proxy that answers CONNECT with %s keeps no socket', async (_what, bytes, code) => {
  await using proxy = await RawServer.answering(bytes);
  const request = await through(proxy, 'https://host.1/');
  await request.setTimeouts(0, 0, 300, 300);
  await failure(request.send(), code);
  await expect.poll(() => proxy.open).toBe(0);
});

test.each([
  ['before the tunnel', ''],
  ['within the handshake', 'HTTP/1.1 200 OK\r\n\r\n'],
])('an abort %s keeps no socket', async (_what, bytes) => {
  await using proxy = await RawServer.answering(bytes);
  const request = await through(proxy, 'https://host.1/');
  const pending = request.send();
  await expect.poll(() => proxy.heads.length).toBe(1);
  await request.abort();
  await failure(pending, 'ERROR_WINHTTP_OPERATION_CANCELLED');
  await expect.poll(() => proxy.open).toBe(0);
});
