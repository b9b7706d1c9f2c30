// Challenges and their answers.
import { expect, test } from 'vitest';
import { AuthenticationError, AutoLogonPolicy, CredentialTarget, type WinwireError } from '../../../lib/index.ts';
import { RawServer } from '../../helpers/http-raw-server.ts';
import { create, opened, sent } from '../../helpers/http-request.ts';
import { HttpServer, headerOf, USER } from '../../helpers/http-server.ts';

async function logOn(url: string, password: string = USER.password) {
  const request = await opened(url);
  await request.setCredentials(USER.userName, password, CredentialTarget.FOR_SERVER);
  await request.send();
  return request;
}

test.each([
  '/basic',
  '/digest',
  '/digest?algorithm=MD5-sess',
  '/digest?algorithm=SHA-256',
  '/digest?algorithm=SHA-256-sess',
])('a challenge by %s is answered', async (path) => {
  await using server = await HttpServer.start();
  const request = await logOn(server.url(path));
  expect(await request.responseText).toBe('welcome');
  expect(headerOf(await server.arrived(1), 'Authorization')).toBeUndefined();
  expect([server.requests.length, server.connections]).toEqual([2, 1]);
});

test.each(['/basic', '/digest'])(
  'wrong credentials for %s are sent once, and the 401 is the response',
  async (path) => {
    await using server = await HttpServer.start();
    const request = await logOn(server.url(path), 'wrong');
    expect(await request.status).toBe(401);
    expect(server.requests.length).toBe(2);
  },
);

test('without credentials nothing is answered; those of the URL are used', async () => {
  await using server = await HttpServer.start();
  const request = await sent(server.url('/basic'));
  expect([await request.status, await request.responseText]).toEqual([401, 'who are you?']);
  const own = await sent(server.url('/basic', `${USER.userName}:${encodeURIComponent(USER.password)}@127.0.0.1`));
  expect(await own.responseText).toBe('welcome');
});

test('the body is sent again with the answer', async () => {
  await using server = await HttpServer.start();
  const request = await opened(server.url('/basic'), 'POST');
  await request.setCredentials(USER.userName, USER.password, CredentialTarget.FOR_SERVER);
  await request.send('twice');
  expect(server.requests.map(({ body }) => body.toString())).toEqual(['twice', 'twice']);
});

test('credentials are not sent when a redirect leads to another server', async () => {
  await using other = await HttpServer.start();
  await using server = await HttpServer.start();
  const request = await logOn(server.url(`/redirect?to=${encodeURIComponent(other.url('/basic'))}`));
  expect(await request.status).toBe(401);
  expect(other.requests.length).toBe(1);
});

test('a stale nonce does not count as a rejection', async () => {
  const challenge = (more: string) =>
    `HTTP/1.1 401 No\r\nWWW-Authenticate: Digest realm="r", nonce="n${more}\r\nContent-Length: 0\r\n\r\n`;
  await using server = await RawServer.start((socket, _head, count) => {
    socket.write(
      ['', challenge('1"'), challenge('2", stale=TRUE'), 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'][count] ?? '',
    );
  });
  expect(await (await logOn(server.url())).status).toBe(200);
  expect(server.heads[2]).toContain('nonce="n2"');
});

test('a server that declares every nonce stale gets a few answers, and the 401 is the response', async () => {
  await using server = await RawServer.start((socket, _head, count) => {
    const challenge = `Digest realm="r", nonce="n${count}", stale=true`;
    socket.write(`HTTP/1.1 401 No\r\nWWW-Authenticate: ${challenge}\r\nContent-Length: 0\r\n\r\n`);
  });
  expect(await (await logOn(server.url())).status).toBe(401);
  expect(server.heads.length).toBe(5);
  expect(server.heads[4]).toContain('nonce="n4"');
});

test.each(['constructor', '__proto__', 'toString', 'MD5-', 'MD5-sess-sess', ''])(
  'the unknown algorithm %j is rejected, even if JavaScript has a property of that name',
  async (algorithm) => {
    const challenge = `Digest realm="r", nonce="n", algorithm="${algorithm}"`;
    const head = `HTTP/1.1 401 No\r\nWWW-Authenticate: ${challenge}\r\nContent-Length: 0\r\n\r\n`;
    await using server = await RawServer.answering(head);
    expect(await (await logOn(server.url())).status).toBe(401);
    expect(server.heads.length).toBe(1);
  },
);

// A user of Windows always has credentials for NTLM.
const withoutSspi = test.skipIf(process.platform === 'win32');

withoutSspi('without a mechanism or a ticket, NTLM and Negotiate fail with an error that says so', async () => {
  await using server = await HttpServer.start();
  expect(await (await sent(server.url('/ntlm'))).status).toBe(401);
  const request = await create();
  await request.setAutoLogonPolicy(AutoLogonPolicy.Always);
  await request.open('GET', server.url('/ntlm'));
  const error = await request.send().then(
    () => undefined,
    (reason: WinwireError) => reason,
  );
  expect(['ERROR_NOT_SUPPORTED', 'ERROR_WINHTTP_LOGIN_FAILURE']).toContain(error?.code);
  expect(error?.cause).toBeInstanceOf(AuthenticationError);
  expect(error?.message).toMatch(/It offers Negotiate, NTLM\. The service name is HTTP\/127\.0\.0\.1\./);
  await request.setAutoLogonPolicy(AutoLogonPolicy.Never);
  await request.open('GET', server.url('/ntlm'));
  await request.send();
  expect(await request.status).toBe(401);
});

test.each(['Basic realm="a"', 'Digest realm="a", nonce="1"'])(
  'a 401 is the response where wrong credentials answered %s beside NTLM',
  async (challenge) => {
    const head = `HTTP/1.1 401 No\r\nWWW-Authenticate: NTLM\r\nWWW-Authenticate: ${challenge}\r\nContent-Length: 0\r\n\r\n`;
    await using server = await RawServer.answering(head);
    expect(await (await logOn(server.url(), 'wrong')).status).toBe(401);
  },
);
