// The grammar of challenges, RFC 9110 section 11.
import { expect, test } from 'vitest';
import { knownSchemes, parseChallenges } from '../../lib/auth/challenges.ts';

type Expected = [scheme: string, token: string | undefined, parameters: Record<string, string>];

test.each<[string[], Expected[]]>([
  [['Basic realm="a"'], [['basic', undefined, { realm: 'a' }]]],
  [
    ['Negotiate, NTLM'],
    [
      ['negotiate', undefined, {}],
      ['ntlm', undefined, {}],
    ],
  ],
  [
    ['Negotiate YWJj=, Basic realm=a'],
    [
      ['negotiate', 'YWJj=', {}],
      ['basic', undefined, { realm: 'a' }],
    ],
  ],
  [
    ['Negotiate', 'NTLM TlRMTVNTUAACAAAA', 'Digest nonce=1'],
    [
      ['negotiate', undefined, {}],
      ['ntlm', 'TlRMTVNTUAACAAAA', {}],
      ['digest', undefined, { nonce: '1' }],
    ],
  ],
  [
    ['Digest realm="a \\"b\\", c", qop="auth,auth-int" , nonce=1'],
    [['digest', undefined, { realm: 'a "b", c', qop: 'auth,auth-int', nonce: '1' }]],
  ],
  [['Digest realm = "x" , realm="y"'], [['digest', undefined, { realm: 'x' }]]],
  [[',, ,Basic realm=""'], [['basic', undefined, { realm: '' }]]],
  [[''], []],
  [['"'], []],
])('%j', (values, expected) => {
  const found = parseChallenges(values);
  expect(found.map(({ scheme, token, parameters }) => [scheme, token, Object.fromEntries(parameters)])).toEqual(
    expected,
  );
});

test.each([
  ['Negotiate', false],
  ['Negotiate , Basic realm=a', false],
  ['Negotiate YWJj', false],
  ['Negotiate a=b', false],
  ['Negotiate @', true],
  ['Negotiate YWJj YWJj', true],
  ['Negotiate "YWJj"', true],
  ['Negotiate ==', true],
])('%j is malformed: %s', (value, isMalformed) => {
  expect(parseChallenges([value])[0]?.isMalformed).toBe(isMalformed);
});

test('no scheme is a property that every object has', () => {
  const challenges = parseChallenges(['constructor, __proto__, toString', 'NTLM, Basic', 'ntlm']);
  expect(knownSchemes(challenges)).toEqual(['NTLM', 'Basic']);
});

test('a field with many challenges is read up to a limit, in linear time', () => {
  expect(parseChallenges([`${'x,'.repeat(100_000)}`]).length).toBe(32);
  expect(parseChallenges([`Basic ${'a="'.repeat(50_000)}`]).length).toBe(1);
});
