// Requests through a real proxy.
import { connect } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { CredentialTarget, ProxySetting, SslErrorFlag, WinHttpRequest } from '../../../lib/index.ts';
import { closedPort } from '../../../lib/parity/http-server.ts';
import * as certificates from '../../helpers/certificates.ts';
import { TestProxy } from '../../helpers/http-proxy.ts';
import { RawServer } from '../../helpers/http-raw-server.ts';
import { create, failure } from '../../helpers/http-request.ts';
import { HttpServer, USER } from '../../helpers/http-server.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

async function through(proxy: string, url: string, bypass?: string): Promise<WinHttpRequest> {
  const request = await create();
  await request.setProxy(ProxySetting.PROXY, proxy, bypass);
  await request.setOption('SslErrorIgnoreFlags', SslErrorFlag.Ignore_All);
  await request.open('GET', url);
  return request;
}

test('http goes through the proxy in absolute form, and the name is not resolved here', async () => {
  await using raw = await RawServer.answering('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
  const request = await through(`127.0.0.1:${raw.port}`, 'http://no-such-name.invalid:81/a?b');
  await request.send();
  expect(raw.heads[0]).toMatch(
    /^GET http:\/\/no-such-name\.invalid:81\/a\?b HTTP\/1\.1\r\nProxy-Connection: Keep-Alive\r\n/,
  );
  expect(raw.heads[0]).toContain('Host: no-such-name.invalid:81\r\n');
});

test('http and https through a proxy', async () => {
  await using proxy = await TestProxy.start();
  await using server = await HttpServer.start();
  await using secure = await HttpServer.start(certificates.selfSigned());
  for (const url of [server.url('/echo'), secure.url('/echo'), secure.url('/echo')]) {
    const request = await through(proxy.address, url);
    await request.open('POST', url);
    await request.send('by proxy');
    expect(await request.responseText).toBe('by proxy');
  }
  expect(proxy.requests.map(({ isHttp }) => isHttp)).toEqual([true, false]);
  expect(secure.connections).toBe(1);
});

test('DIRECT, PRECONFIG and the bypass list use no proxy', async () => {
  await using server = await HttpServer.start();
  const closed = `127.0.0.1:${await closedPort()}`;
  await (await through(closed, server.url(), '127.*')).send();
  for (const setting of [ProxySetting.DIRECT, ProxySetting.PRECONFIG]) {
    const request = await through(closed, server.url());
    await request.setProxy(setting);
    await request.send();
  }
  expect(server.requests.length).toBe(3);
  await failure((await through(closed, server.url())).send(), 'ERROR_WINHTTP_CANNOT_CONNECT');
});

test.each(['http', 'https'])('%s through a proxy that requires a user', async (scheme) => {
  await using proxy = await TestProxy.start(USER);
  await using server = await HttpServer.start(scheme === 'https' ? certificates.selfSigned() : undefined);
  const request = await through(proxy.address, server.url());
  await request.send();
  expect(await request.status).toBe(407);
  expect(await request.getResponseHeader('Proxy-Authenticate')).toMatch(/^Basic/);
  await request.open('GET', server.url());
  await request.setCredentials(USER.userName, USER.password, CredentialTarget.FOR_PROXY);
  await request.send();
  expect(await request.responseText).toBe('hello');
  await request.open('GET', server.url());
  await request.setCredentials(USER.userName, 'wrong', CredentialTarget.FOR_PROXY);
  await request.send();
  expect(await request.status).toBe(407);
});

test('Digest to a proxy, with and without a tunnel', async () => {
  const challenge = 'Proxy-Authenticate: Digest realm="r", nonce="n", qop="auth"';
  await using proxy = await RawServer.start((socket, head) => {
    const isAnswered = /Proxy-Authorization: Digest username="Aladdin".*uri="(?:http:\/\/a\.test\/|a\.test:443)"/.test(
      head,
    );
    socket.end(
      isAnswered
        ? 'HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n'
        : `HTTP/1.1 407 Who\r\n${challenge}\r\nContent-Length: 0\r\n\r\n`,
    );
  });
  const request = await through(`127.0.0.1:${proxy.port}`, 'http://a.test/');
  await request.setCredentials(USER.userName, USER.password, CredentialTarget.FOR_PROXY);
  await request.send();
  expect(await request.status).toBe(403);
  await request.open('GET', 'https://a.test/');
  await request.setCredentials(USER.userName, USER.password, CredentialTarget.FOR_PROXY);
  const error = await failure(request.send(), 'ERROR_WINHTTP_CANNOT_CONNECT');
  expect(error.message).toContain('the proxy opens no tunnel to a.test:443: 403 No');
});

test.each([
  ['closes', '', 'ERROR_WINHTTP_CONNECTION_ERROR'],
  ['speaks no HTTP', 'hello\r\n\r\n', 'ERROR_WINHTTP_INVALID_SERVER_RESPONSE'],
  ['opens no tunnel', 'HTTP/1.1 502 Bad Gateway\r\n\r\n', 'ERROR_WINHTTP_CANNOT_CONNECT'],
  ['sends a head without end', `HTTP/1.1 200 ${'x'.repeat(70_000)}`, 'ERROR_WINHTTP_INVALID_SERVER_RESPONSE'],
])('a proxy that %s instead of opening a tunnel', async (_what, bytes, code) => {
  await using proxy = await RawServer.answering(bytes, { closes: true });
  await failure((await through(`127.0.0.1:${proxy.port}`, 'https://a.test/')).send(), code);
});

test('a connection is closed when its proxy refuses a tunnel', async () => {
  let hungUp: Promise<unknown> | undefined;
  await using proxy = await RawServer.start((socket) => {
    hungUp = new Promise((resolve) => socket.on('close', resolve));
    socket.write('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  await failure((await through(`127.0.0.1:${proxy.port}`, 'https://a.test/')).send(), 'ERROR_WINHTTP_CANNOT_CONNECT');
  await hungUp;
});

test('a proxy that never opens the tunnel', async () => {
  await using proxy = await RawServer.start(() => {});
  const request = await through(`127.0.0.1:${proxy.port}`, 'https://a.test/');
  await request.setTimeouts(0, 0, 0, 50);
  await failure(request.send(), 'ERROR_WINHTTP_TIMEOUT');
  await request.open('GET', 'https://a.test/');
  await request.setTimeouts(0, 0, 0, 0);
  const pending = request.send();
  await expect.poll(() => proxy.heads.length).toBe(2);
  await request.abort();
  await failure(pending, 'ERROR_WINHTTP_OPERATION_CANCELLED');
});

test("the environment's proxy is used only by objects created with that option", async () => {
  await using proxy = await TestProxy.start(USER);
  await using server = await HttpServer.start();
  vi.stubEnv('http_proxy', `http://${USER.userName}:${encodeURIComponent(USER.password)}@${proxy.address}`);
  vi.stubEnv('no_proxy', undefined);
  vi.stubEnv('NO_PROXY', undefined);
  const send = (environmentProxy: boolean) =>
    WinHttpRequest.request(server.url(), { backend: 'portable', environmentProxy });
  await send(false);
  expect(proxy.requests.length).toBe(0);
  expect((await send(true)).status).toBe(200);
  expect(proxy.requests.length).toBe(1);
  vi.stubEnv('no_proxy', 'example.org, 127.0.0.1');
  await send(true);
  expect(proxy.requests.length).toBe(1);
});

test.each([
  'bad:port:x',
  'socks5://127.0.0.1:1',
  'https://127.0.0.1:1',
  'http=[',
  '://',
  '',
  ' ',
  ';',
  'http=',
  '=',
  'socks=127.0.0.1:1',
])('nothing is sent directly if the proxy %j names no host', async (proxy) => {
  await using server = await HttpServer.start();
  const error = await failure((await through(proxy, server.url())).send(), 'ERROR_WINHTTP_NAME_NOT_RESOLVED');
  expect(error.message).toContain('names no host');
  expect(server.connections).toBe(0);
});

test('RQ-186 a proxy without a name can be set, and nothing is sent without it', async () => {
  await using server = await HttpServer.start();
  const request = await create();
  await request.setProxy(ProxySetting.PROXY);
  await request.open('GET', server.url());
  await failure(request.send(), 'ERROR_WINHTTP_NAME_NOT_RESOLVED');
  for (const proxy of [{ server: '' }, { setting: ProxySetting.PROXY }]) {
    const response = WinHttpRequest.request(server.url(), { backend: 'portable', proxy });
    await failure(response, 'ERROR_WINHTTP_NAME_NOT_RESOLVED');
  }
  expect(server.connections).toBe(0);
});

test.each([
  ['lines that end in LF', 'HTTP/1.1 200 OK\nVia: x\n\n'],
  ['both line ends', 'HTTP/1.1 200 OK\r\nVia: x\n\r\n'],
  ['a folded field', 'HTTP/1.0 200 OK\r\nVia: x\r\n y\r\n\r\n'],
  ['an empty line and an interim response before it', '\r\nHTTP/1.1 100 Go\r\n\r\nHTTP/1.2 299 OK\r\n\r\n'],
  ['a length, which a tunnel has not', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n'],
])('an answer to CONNECT with %s', async (_what, answer) => {
  await using server = await HttpServer.start(certificates.selfSigned());
  await using proxy = await RawServer.start((socket, _head, count) => {
    if (count > 1) return;
    socket.removeAllListeners('data');
    const tunnel = connect(server.port, '127.0.0.1');
    tunnel.on('error', () => {});
    for (const byte of answer) socket.write(byte);
    socket.pipe(tunnel).pipe(socket);
  });
  const request = await through(`127.0.0.1:${proxy.port}`, server.url());
  await request.send();
  expect(await request.responseText).toBe('hello');
});

test.each([
  ['fields', 'HTTP/1.1 200 OK\r\n', 'A: 1\r\n'],
  ['a reason phrase', 'HTTP/1.1 200 ', 'x'],
  ['empty lines', '', '\r\n'],
  ['interim responses', '', 'HTTP/1.1 100 Go\r\n\r\n'],
  ['a refusal', 'HTTP/1.1 502 No\r\n', 'A: 1\r\n'],
])('an answer to CONNECT with %s beyond the limit', async (_what, start, more) => {
  await using proxy = await RawServer.start((socket) => {
    socket.write(start);
    const write = () => {
      while (socket.writable && socket.write(more.repeat(1000))) {}
    };
    socket.on('drain', write);
    write();
  });
  const request = await through(`127.0.0.1:${proxy.port}`, 'https://a.test/');
  await request.setTimeouts(0, 0, 0, 0);
  await failure(request.send(), 'ERROR_WINHTTP_INVALID_SERVER_RESPONSE');
  await expect.poll(() => proxy.open).toBe(0);
});
