import { describe, expect, it } from 'vitest';
import { responseReport } from '../../../lib/cli/doctor/node-requests.ts';

const schemesOf = (value: string | string[]) =>
  responseReport(401, '', { 'www-authenticate': value }).authentication.map(({ scheme }) => scheme);

describe('the schemes of a challenge', () => {
  it.each([
    ['Basic realm="x"', ['Basic']],
    ['Negotiate', ['Negotiate']],
    ['Negotiate, NTLM', ['Negotiate', 'NTLM']],
    ['Negotiate YII+a/b==', ['Negotiate']],
    ['Basic realm="a, Digest b", charset="UTF-8"', ['Basic']],
    ['Basic realm="a \\" , Fake", Digest realm="x", nonce="y", qop="auth, auth-int"', ['Basic', 'Digest']],
    ['Digest realm = "x", nonce = y,NTLM', ['Digest', 'NTLM']],
    ['', []],
    [',,', []],
    [
      ['Negotiate', 'Basic realm=x'],
      ['Negotiate', 'Basic'],
    ],
  ])('of %j', (value, schemes) => {
    expect(schemesOf(value)).toEqual(schemes);
  });
});
