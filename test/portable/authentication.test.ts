// Challenges, and who answers them.
import { expect, test } from 'vitest';
import { Authenticator, parseChallenges } from '../../lib/portable/authentication.ts';
import { AutoLogonPolicy, CredentialTarget } from '../../lib/sys/index.ts';
import { RawServer } from '../helpers/http-raw-server.ts';
import { create, failure, opened, sent } from '../helpers/http-request.ts';
import { HttpServer, headerOf, USER } from '../helpers/http-server.ts';

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
  'wrong credentials for %s are told once, and the 401 is the response',
  async (path) => {
    await using server = await HttpServer.start();
    const request = await logOn(server.url(path), 'wrong');
    expect(await request.status).toBe(401);
    expect(server.requests.length).toBe(2);
  },
);

test('without credentials nothing is answered; those of the URL will do', async () => {
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

test('credentials stay with their server when a redirect leads to another', async () => {
  await using other = await HttpServer.start();
  await using server = await HttpServer.start();
  const request = await logOn(server.url(`/redirect?to=${encodeURIComponent(other.url('/basic'))}`));
  expect(await request.status).toBe(401);
  expect(other.requests.length).toBe(1);
});

test('a nonce that has become stale is no refusal', async () => {
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

test('NTLM and Negotiate are refused in so many words, where they were to be answered', async () => {
  await using server = await HttpServer.start();
  expect(await (await sent(server.url('/ntlm'))).status).toBe(401);
  const error = await failure(logOn(server.url('/ntlm')), 'ERROR_NOT_SUPPORTED');
  expect(error.message).toContain("only the backend 'system' can answer them");
  const request = await create();
  await request.setAutoLogonPolicy(AutoLogonPolicy.Always);
  await request.open('GET', server.url('/ntlm'));
  await failure(request.send(), 'ERROR_NOT_SUPPORTED');
  await request.setAutoLogonPolicy(AutoLogonPolicy.Never);
  await request.open('GET', server.url('/ntlm'));
  await request.send();
  expect(await request.status).toBe(401);
});

test.each([
  ['Basic realm="a"', [['basic', { realm: 'a' }]]],
  [
    'Negotiate, NTLM',
    [
      ['negotiate', {}],
      ['ntlm', {}],
    ],
  ],
  [
    'Negotiate YWJj=, Basic realm=a',
    [
      ['negotiate', {}],
      ['basic', { realm: 'a' }],
    ],
  ],
  [
    'Digest realm="a \\"b\\", c", qop="auth,auth-int" , nonce=1',
    [['digest', { realm: 'a "b", c', qop: 'auth,auth-int', nonce: '1' }]],
  ],
  ['', []],
  ['"', []],
])('the challenges of %s', (text, expected) => {
  const found = parseChallenges([text]).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)]);
  expect(found).toEqual(expected);
});

test('Digest before Basic; of unknown kinds neither', () => {
  const authenticator = new Authenticator(USER);
  const odd = parseChallenges(['Digest nonce="1", algorithm=ODD', 'Digest nonce="1", qop="auth-int"', 'Bearer x=1']);
  expect(authenticator.accept(odd)).toBe(false);
  expect(authenticator.accept(parseChallenges(['Basic realm="r"', 'Digest realm="r", nonce="1"']))).toBe(true);
  expect(authenticator.header({ method: 'GET', target: '/' })).toMatch(
    /^Digest username="Aladdin", realm="r", nonce="1", uri="\/", response="[0-9a-f]{32}"$/,
  );
});
