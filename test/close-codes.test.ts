import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isApplicationCode, validateClose } from '../lib/close-codes.ts';

// RFC 6455, 7.4.1 and 7.4.2, and IANA's registry: 1004 is reserved, 1005, 1006 and 1015 are never on the wire.
const REGISTERED = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014];

test('accepts the registered statuses, and those for libraries and applications', () => {
  for (let status = 0; status <= 0xffff; status++) {
    const isSendable = REGISTERED.includes(status) || (status >= 3000 && status <= 4999);
    if (isSendable) expect(validateClose(status, undefined).status).toBe(status);
    else expect(() => validateClose(status, undefined)).toThrow(RangeError);
  }
});

test.each([-1000, 65_536 + 1000, 1000.5, Number.NaN, Number.POSITIVE_INFINITY])('rejects the status %d', (status) => {
  expect(() => validateClose(status, '')).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }));
});

test.each([['1000'], [null], [1000n], [{}]])('rejects %s as a status', (status) => {
  expect(() => validateClose(status, '')).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }));
});

test.each([[5], [null], [Buffer.from('bytes')]])('rejects %s as a reason', (reason) => {
  expect(() => validateClose(1000, reason)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }));
});

test('counts a reason in bytes, and sends it with 1000 if there is no status', () => {
  const reasons = fc.string({ unit: 'grapheme', maxLength: 130 });
  fc.assert(
    fc.property(reasons, (reason) => {
      const bytes = Buffer.from(reason);
      if (bytes.length > 123) expect(() => validateClose(undefined, reason)).toThrow(RangeError);
      else
        expect(validateClose(undefined, reason)).toEqual({ status: reason === '' ? undefined : 1000, reason: bytes });
    }),
  );
});

test.each([
  [999, false],
  [1000, true],
  [1001, false],
  [2999, false],
  [3000, true],
  [4999, true],
  [5000, false],
])('may a web application send %d: %s', (code, may) => {
  expect(isApplicationCode(code)).toBe(may);
});
