// The bytes on the wire, with servers that write any bytes.
import { expect, test } from 'vitest';
import { RawServer } from '../../helpers/http-raw-server.ts';
import { failure, opened, sent } from '../../helpers/http-request.ts';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const HEAD = 'HTTP/1.1 200 OK\r\n';
const CHUNKED = `${HEAD}Transfer-Encoding: chunked\r\n\r\n`;
const CHUNK_OVERFLOW = 'ERROR_WINHTTP_CHUNKED_ENCODING_HEADER_SIZE_OVERFLOW';

test('the head has the lines and the order of Windows', async () => {
  await using server = await RawServer.answering(OK);
  const request = await opened(server.url('/a?b'), 'POST');
  await request.setRequestHeader('x-custom', 'value');
  await request.setRequestHeader('content-type', 'text/plain');
  await request.send('body');
  expect(server.heads[0]?.split('\r\n')).toEqual([
    'POST /a?b HTTP/1.1',
    'Connection: Keep-Alive',
    'Content-Type: text/plain',
    'Accept: */*',
    'User-Agent: Mozilla/4.0 (compatible; Win32; WinHttp.WinHttpRequest.5)',
    'x-custom: value',
    'Content-Length: 4',
    `Host: 127.0.0.1:${server.port}`,
    '',
    '',
  ]);
});

test.each([
  ['POST', true],
  ['PUT', true],
  ['GET', false],
  ['DELETE', false],
])('%s without a body has a Content-Length of 0: %s', async (method, hasLength) => {
  await using server = await RawServer.answering(OK);
  const request = await opened(server.url(), method);
  await request.send();
  expect(/^Content-Length: 0\r$/m.test(server.heads[0] ?? '')).toBe(hasLength);
});

test('HTTP/1.0 is used if option 17 says so', async () => {
  await using server = await RawServer.answering('HTTP/1.0 200 OK\r\n\r\nuntil the end', { closes: true });
  const request = await opened(server.url());
  await request.setOption('EnableHttp1_1', false);
  await request.send();
  expect(server.heads[0]).toMatch(/^GET \/ HTTP\/1\.0\r\n/);
  expect(await request.responseText).toBe('until the end');
});

test.each(['Connection', 'Expect', 'Upgrade', 'TE', 'Keep-Alive'])(
  "the caller's %s header is sent unchanged",
  async (name) => {
    await using server = await RawServer.answering(OK);
    const request = await opened(server.url());
    await request.setRequestHeader(name, 'something-else');
    await request.send();
    expect(server.heads[0]).toContain(`${name}: something-else\r\n`);
  },
);

test('a wrong Content-Length and any Transfer-Encoding of the caller are not sent', async () => {
  await using server = await RawServer.answering(OK);
  const request = await opened(server.url(), 'POST');
  await request.setRequestHeader('Content-Length', '100');
  await request.setRequestHeader('Transfer-Encoding', 'chunked');
  await request.send('body');
  expect(server.heads[0]).toContain('Content-Length: 4\r\n');
  expect(server.heads[0]).not.toMatch(/Transfer-Encoding|100/);
});

test('heads with LF alone are parsed, even in small pieces', async () => {
  const bytes = 'HTTP/1.1 200 Fine\nX-One: 1\nContent-Length: 4\n\na\nb\n';
  await using server = await RawServer.start((socket) => {
    socket.setNoDelay();
    for (const byte of bytes) socket.write(byte);
  });
  const request = await sent(server.url());
  expect(await request.statusText).toBe('Fine');
  expect(await request.getAllResponseHeaders()).toBe('X-One: 1\r\nContent-Length: 4\r\n\r\n');
  expect(await request.responseText).toBe('a\nb\n');
});

test.each([
  ['a fold', 'HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 2\r\n\r\nok', 'a b'],
  ['mixed line ends', 'HTTP/1.1 200 OK\nX: a b\r\nContent-Length: 2\n\r\nok', 'a b'],
  ['an empty line before', `\r\n${OK.replace('\r\n', '\r\nX: a b\r\n')}`, 'a b'],
  ['HTTP/1.2', 'HTTP/1.2 200 OK\r\nX: a b\r\nContent-Length: 2\r\n\r\nok', 'a b'],
  ['one length twice', 'HTTP/1.1 200 OK\r\nX: a b\r\nContent-Length: 2, 2\r\nContent-Length: 2\r\n\r\nok', 'a b'],
  ['chunks in LF', 'HTTP/1.1 200 OK\nX: a b\nTransfer-Encoding: chunked\n\n1 \no\n1;e\nk\n0\n\n', 'a b'],
])('RQ-156 a response with %s is parsed, and its connection reused', async (_what, bytes, value) => {
  await using server = await RawServer.answering(bytes);
  for (let count = 1; count <= 2; count++) {
    const request = await sent(server.url());
    expect(await request.getResponseHeader('x')).toBe(value);
    expect(await request.responseText).toBe('ok');
  }
  expect(server.connections).toBe(1);
});

test('chunks override a length, and the connection is not reused', async () => {
  await using server = await RawServer.answering(
    `${HEAD}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`,
  );
  for (let count = 1; count <= 2; count++) expect(await (await sent(server.url())).responseText).toBe('ok');
  expect(server.connections).toBe(2);
});

test('a connection with bytes after the response is not reused', async () => {
  await using server = await RawServer.answering(`${OK}HTTP/1.1 200 OK\r\n`);
  for (let count = 1; count <= 2; count++) expect(await (await sent(server.url())).responseText).toBe('ok');
  expect(server.connections).toBe(2);
});

test('the reason phrase has one character per byte', async () => {
  await using server = await RawServer.answering(OK.replace('OK', 'Sch\xf6n'));
  expect(await (await sent(server.url())).statusText).toBe('Sch\xf6n');
});

test('up to ten interim responses are skipped', async () => {
  await using server = await RawServer.start((socket, _head, count) => {
    const interim = 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n';
    socket.write(interim.repeat(count === 1 ? 5 : 6) + OK);
  });
  expect(await (await sent(server.url())).responseText).toBe('ok');
  await failure((await opened(server.url())).send(), 'ERROR_WINHTTP_INVALID_SERVER_RESPONSE');
});

test('a status line without a phrase, and one with an odd one', async () => {
  await using server = await RawServer.start((socket, _head, count) => {
    socket.write(count === 1 ? OK.replace(' OK', '') : OK.replace('200 OK', '299 Custom Text'));
  });
  const request = await sent(server.url());
  expect([await request.status, await request.statusText]).toEqual([200, '']);
  await request.open('GET', server.url());
  await request.send();
  expect([await request.status, await request.statusText]).toEqual([299, 'Custom Text']);
});

test.each([
  ['nothing', '', 'ERROR_WINHTTP_INVALID_SERVER_RESPONSE', 'closed the connection before it answered'],
  ...[
    ['SSH', 'SSH-2.0-OpenSSH_9.2\r\n', 'its answer begins with "SSH-2.0-OpenSSH_9.2"'],
    ['SMTP', '220 mail.test ESMTP\r\n', 'its answer begins with "220 mail.test ESMTP"'],
    ['bytes', '\0\x01\x02\n', 'its answer begins with "\\u0000\\u0001\\u0002"'],
    ['HTTP/0.9', '<html>\n', 'its answer begins with "<html>"'],
    ['an alert of TLS', '\x15\x03\x01\0\x02\x02\x46', 'it speaks TLS on this port: use https: or wss:'],
  ].map(
    ([what, bytes, says]) =>
      [what, bytes, 'ERROR_WINHTTP_INVALID_SERVER_RESPONSE', says] as [string, string, string, string],
  ),
  [
    'half a head',
    'HTTP/1.1 200 OK\r\nX-One',
    'ERROR_WINHTTP_INVALID_SERVER_RESPONSE',
    'closed the connection before the headers ended',
  ],
  ['a short body', `${HEAD}Content-Length: 9\r\n\r\nshort`, 'ERROR_WINHTTP_CONNECTION_ERROR', 'before the body ended'],
  ['half a chunk', `${CHUNKED}5\r\nab`, 'ERROR_WINHTTP_CONNECTION_ERROR', 'before the body ended'],
  ['no chunk', `${CHUNKED}xyz\r\n`, 'ERROR_WINHTTP_INVALID_SERVER_RESPONSE', 'the size of a chunk is not a number'],
  ['a chunk too large', `${CHUNKED}${'f'.repeat(17)}\r\n`, CHUNK_OVERFLOW, 'the size of a chunk is too large'],
  ['a long extension', `${CHUNKED}1;${'x'.repeat(20_000)}`, CHUNK_OVERFLOW, 'extensions'],
  ['a long trailer', `${CHUNKED}0\r\n${'A: 1\r\n'.repeat(20_000)}`, 'ERROR_WINHTTP_INVALID_SERVER_RESPONSE', 'trailer'],
  [
    'another protocol',
    'HTTP/1.1 101 Go\r\nUpgrade: x\r\n\r\n',
    'ERROR_WINHTTP_INVALID_SERVER_RESPONSE',
    'another protocol',
  ],
  [
    'two lengths',
    'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
    'ERROR_WINHTTP_INVALID_SERVER_RESPONSE',
    'the Content-Length fields disagree',
  ],
  [
    'a large head',
    `${HEAD}X: ${'x'.repeat(70_000)}`,
    'ERROR_WINHTTP_INVALID_SERVER_RESPONSE',
    'larger than 65536 bytes',
  ],
])('a server that answers with %s', async (_what, bytes, code, says) => {
  await using server = await RawServer.answering(bytes, { closes: true });
  const request = await opened(server.url());
  const error = await failure(request.send(), code);
  expect(error.syscall).toBe('IWinHttpRequest::Send');
  expect(error.message).toContain(says);
  expect(error.message).toContain(`127.0.0.1:${server.port}`);
  // The object can be used again.
  await using other = await RawServer.answering(OK);
  await request.open('GET', other.url());
  await request.send();
  expect(await request.responseText).toBe('ok');
});

test('a reset during the body is a connection error', async () => {
  await using server = await RawServer.start((socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab', () => socket.resetAndDestroy());
  });
  await failure((await opened(server.url())).send(), 'ERROR_WINHTTP_CONNECTION_ERROR');
});

test('a larger head is accepted if option 15 allows it', async () => {
  await using server = await RawServer.answering(
    `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(70_000)}\r\nContent-Length: 0\r\n\r\n`,
  );
  const request = await opened(server.url());
  await request.setOption('MaxResponseHeaderSize', 100_000);
  await request.send();
  expect((await request.getResponseHeader('x')).length).toBe(70_000);
});

test('a kept connection that the server has closed meanwhile is replaced', async () => {
  await using server = await RawServer.start((socket, _head, count) => {
    // The second request arrives on the first connection, which is cut without an answer.
    if (count === 2) socket.destroy();
    else socket.write(OK);
  });
  await sent(server.url());
  const request = await sent(server.url());
  expect(await request.responseText).toBe('ok');
  expect([server.heads.length, server.connections]).toEqual([3, 2]);
});

test('a POST is not sent twice', async () => {
  await using server = await RawServer.start((socket, _head, count) => {
    if (count === 2) socket.destroy();
    else socket.write(OK);
  });
  await sent(server.url());
  await failure((await opened(server.url(), 'POST')).send('body'), 'ERROR_WINHTTP_INVALID_SERVER_RESPONSE');
  expect(server.heads.length).toBe(2);
});

test('Connection: close is respected on either side', async () => {
  await using server = await RawServer.start((socket, _head, count) => {
    socket.write(count === 1 ? OK.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n') : OK);
  });
  await sent(server.url());
  const second = await opened(server.url());
  await second.setRequestHeader('Connection', 'close');
  await second.send();
  await sent(server.url());
  expect(server.connections).toBe(3);
});

test('a redirect stops reading an endless body', async () => {
  await using server = await RawServer.start((socket, head) => {
    if (head.startsWith('GET /target ')) return void socket.write(OK);
    const body = Buffer.alloc(256 * 1024);
    socket.write(`HTTP/1.1 302 Found\r\nLocation: /target\r\nContent-Length: ${2 ** 40}\r\n\r\n`);
    const write = () => {
      while (socket.writable && socket.write(body)) {}
    };
    socket.on('drain', write);
    write();
  });
  expect(await (await sent(server.url())).responseText).toBe('ok');
  expect(server.connections).toBe(2);
});

test.each([
  ['304 Not Modified', 'Content-Length: 10\r\n\r\n'],
  ['204 No Content', 'Content-Length: 3\r\n\r\nabc'],
])('a %s has no body, with any length', async (status, rest) => {
  await using server = await RawServer.answering(`HTTP/1.1 ${status}\r\n${rest}`);
  const request = await sent(server.url());
  expect(`${await request.status} ${await request.statusText}`).toBe(status);
  expect(await request.getResponseHeader('content-length')).toMatch(/^\d+$/);
  expect(await request.responseBody).toHaveLength(0);
  await request.open('GET', server.url());
  await request.send();
  expect(server.heads).toHaveLength(2);
});

test.each([
  ['a line that does not end', 'x'.repeat(70_000)],
  ['a head of mere LFs that does not end', `HTTP/1.1 200 OK\n${'X: y\n'.repeat(20_000)}`],
  ['lengths that disagree', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
])('%s is rejected at once', async (_what, bytes) => {
  await using server = await RawServer.answering(bytes);
  const request = await opened(server.url());
  await request.setTimeouts(0, 0, 0, 0);
  await failure(request.send(), 'ERROR_WINHTTP_INVALID_SERVER_RESPONSE');
});

test.each([0, 1, 10])('no head fits into %s bytes', async (size) => {
  await using server = await RawServer.answering(OK);
  const request = await opened(server.url());
  await request.setOption('MaxResponseHeaderSize', size);
  await failure(request.send(), 'ERROR_WINHTTP_INVALID_SERVER_RESPONSE');
});
