// The answers of Basic (RFC 7617) and Digest (RFC 7616).
import { expect, test } from 'vitest';
import { parseChallenges } from '../../lib/auth/challenges.ts';
import { answerableDigest, BasicAnswer, DigestAnswer } from '../../lib/auth/password-answer.ts';

const USER = { username: 'a"b\\é', password: 'p' };
const REQUEST = { method: 'GET', target: '/t?q' };

function digest(challenge: string, user: { username: string; password: string; domain?: string } = USER): DigestAnswer {
  const parameters = answerableDigest(parseChallenges([challenge]), user);
  if (!parameters) throw new Error('not answerable');
  return new DigestAnswer(user, { parameters, count: 0 });
}

test('Digest quotes names, and counts the uses of a nonce', async () => {
  const header = (challenge: string) => digest(challenge).header(REQUEST);
  // RFC 7616, 3.4: the name in quotes, with both quoted characters escaped; UTF-8 byte by byte.
  expect(await header('Digest nonce="1"')).toContain('username="a\\"b\\\\\u00c3\u00a9", realm=""');
  expect(await header('Digest nonce="1", opaque="o"')).toMatch(/, opaque="o"$/);
  expect(await header('Digest nonce="1"')).not.toMatch(/opaque|algorithm|qop|cnonce|nc=/);
  expect(await header('Digest nonce="1", algorithm=MD5-sess')).toMatch(/, algorithm=MD5-sess, cnonce="[0-9a-f]{32}"$/);
  expect(await header('Digest nonce="1", algorithm=SHA-512-256')).toMatch(
    /response="[0-9a-f]{64}", algorithm=SHA-512-256$/,
  );
  const answer = digest('Digest nonce="1", qop="auth-int,auth"');
  for (let i = 0; i < 10; i++) await answer.header(REQUEST);
  expect(await answer.header(REQUEST)).toMatch(/, qop=auth, nc=0000000b, cnonce="[0-9a-f]{32}"$/);
});

test('the example of RFC 2069, 2.4, with the response of its erratum 749', async () => {
  const user = { username: 'Mufasa', password: 'CircleOfLife' };
  const challenge =
    'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"';
  const header = await digest(challenge, user).header({ method: 'GET', target: '/dir/index.html' });
  expect(header).toContain('response="1949323746fe6a43ef61f9606e7febea"');
});

test('a domain is part of the name', async () => {
  const user = { username: 'u', password: 'p', domain: 'CORP' };
  expect(await new BasicAnswer(user).header()).toBe(`Basic ${Buffer.from('CORP\\u:p').toString('base64')}`);
  expect(await digest('Digest nonce="1"', user).header(REQUEST)).toContain('username="CORP\\\\u"');
  expect(await new BasicAnswer(USER).header()).toBe(`Basic ${Buffer.from('a"b\\é:p').toString('base64')}`);
});

test('the first challenge of Digest with a known algorithm and quality of protection is answered', () => {
  const odd = ['Digest nonce="1", algorithm=ODD', 'Digest nonce="1", qop="auth-int"', 'Bearer x=1', 'Digest realm="x"'];
  expect(answerableDigest(parseChallenges(odd), USER)).toBeUndefined();
  const found = answerableDigest(parseChallenges([...odd, 'Digest nonce="2"', 'Digest nonce="3"']), USER);
  expect(found?.get('nonce')).toBe('2');
});
