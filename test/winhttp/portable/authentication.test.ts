// Challenges, and who answers them.
import { expect, test } from 'vitest';
import { AutoLogonPolicy, CredentialTarget } from '../../../lib/index.ts';
import { Authenticator, parseChallenges } from '../../../lib/winhttp/portable/authentication.ts';
import { RawServer } from '../../helpers/http-raw-server.ts';
import { create, failure, opened, sent } from '../../helpers/http-request.ts';
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

test('a server that calls every nonce stale gets an answer to a few of them, and the 401 is the response', async () => {
  await using server = await RawServer.start((socket, _head, count) => {
    const challenge = `Digest realm="r", nonce="n${count}", stale=true`;
    socket.write(`HTTP/1.1 401 No\r\nWWW-Authenticate: ${challenge}\r\nContent-Length: 0\r\n\r\n`);
  });
  expect(await (await logOn(server.url())).status).toBe(401);
  expect(server.heads.length).toBe(5);
  expect(server.heads[4]).toContain('nonce="n4"');
});

test.each(['constructor', '__proto__', 'toString', 'MD5-', 'MD5-sess-sess', ''])(
  'an algorithm called %j is not known, whatever JavaScript knows by that name',
  async (algorithm) => {
    const challenge = `Digest realm="r", nonce="n", algorithm="${algorithm}"`;
    const head = `HTTP/1.1 401 No\r\nWWW-Authenticate: ${challenge}\r\nContent-Length: 0\r\n\r\n`;
    await using server = await RawServer.answering(head);
    expect(await (await logOn(server.url())).status).toBe(401);
    expect(server.heads.length).toBe(1);
  },
);

test('a challenge goes to the header and scheme that it belongs to, with what it asked for', () => {
  const answer = (challenge: string, uses = 1) => {
    const authenticator = new Authenticator({ userName: 'a"b\\é', password: 'p' });
    expect(authenticator.accept(parseChallenges([challenge]))).toBe(true);
    let header: string | undefined;
    for (let i = 0; i < uses; i++) header = authenticator.header({ method: 'GET', target: '/t?q' });
    return header ?? '';
  };
  // RFC 7616, 3.4: the name in quotes, both of the quoted characters escaped; UTF-8 byte by byte.
  expect(answer('Digest nonce="1"')).toContain('username="a\\"b\\\\\u00c3\u00a9", realm=""');
  expect(answer('Digest nonce="1", opaque="o"')).toMatch(/, opaque="o"$/);
  expect(answer('Digest nonce="1"')).not.toMatch(/opaque|algorithm|qop|cnonce|nc=/);
  expect(answer('Digest nonce="1", qop="auth-int,auth"', 11)).toMatch(
    /, qop=auth, nc=0000000b, cnonce="[0-9a-f]{32}"$/,
  );
  expect(answer('Digest nonce="1", algorithm=MD5-sess')).toMatch(/, algorithm=MD5-sess, cnonce="[0-9a-f]{32}"$/);
  expect(answer('Digest nonce="1", algorithm=SHA-512-256')).toMatch(/response="[0-9a-f]{64}", algorithm=SHA-512-256$/);
  expect(answer('Basic')).toBe(`Basic ${Buffer.from('a"b\\é:p').toString('base64')}`);
  expect(new Authenticator(USER).header({ method: 'GET', target: '/' })).toBeUndefined();
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
