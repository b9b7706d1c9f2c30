import { expect, it } from 'vitest';
import { isToken } from '../lib/token.ts';

// RFC 9110 section 5.6.2.
const OTHER_SIGNS = "!#$%&'*+-.^_`|~";

it('takes letters, digits and 15 signs, and no other character', () => {
  for (let code = 0; code < 0x180; code++) {
    const character = String.fromCharCode(code);
    expect([code, isToken(character)]).toEqual([
      code,
      /[0-9A-Za-z]/.test(character) || OTHER_SIGNS.includes(character),
    ]);
  }
  expect(isToken('')).toBe(false);
  expect(isToken('a b')).toBe(false);
  expect(isToken('a\n')).toBe(false);
});
