import { describe, expect, it } from 'vitest';
import {
  validateBoolean,
  validateInteger,
  validateLimits,
  validateNumber,
  validateObject,
  validateSignal,
} from '../lib/options.ts';

describe('validateObject', () => {
  it.each([undefined, null])('takes %s for options that were left out', (value) => {
    expect(validateObject(value, 'options')).toEqual({});
  });

  it.each([5, 'text', true, Symbol('s'), () => {}])('refuses %o', (value) => {
    expect(() => validateObject(value, 'init')).toThrowError(
      expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE', message: expect.stringContaining('"init"') }),
    );
  });
});

describe('validateBoolean', () => {
  it('takes a boolean, and the usual one where there is none', () => {
    const read = [
      validateBoolean(true, 'flag'),
      validateBoolean(undefined, 'flag'),
      validateBoolean(undefined, 'flag', true),
    ];
    expect(read).toEqual([true, false, true]);
  });

  it.each([0, 'true', null])('refuses %j', (value) => {
    expect(() => validateBoolean(value, 'flag')).toThrowError(
      expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }),
    );
  });
});

describe('validateSignal', () => {
  it('takes a signal, and none', () => {
    const { signal } = new AbortController();
    expect([validateSignal(signal), validateSignal(null), validateSignal(undefined)]).toEqual([
      signal,
      undefined,
      undefined,
    ]);
  });

  it.each([5, {}, 'text', { aborted: true }])('refuses %j', (value) => {
    expect(() => validateSignal(value)).toThrowError(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }));
  });
});

describe('validateNumber and validateInteger', () => {
  it('take numbers from the least one to Infinity', () => {
    expect([1, 1.5, Number.POSITIVE_INFINITY].map((value) => validateNumber(value, 'n', 1))).toEqual([
      1,
      1.5,
      Infinity,
    ]);
    expect([0, 7, Number.POSITIVE_INFINITY].map((value) => validateInteger(value, 'n', 0))).toEqual([0, 7, Infinity]);
  });

  it.each([0.5, -1, Number.NaN, Number.NEGATIVE_INFINITY])('refuse %s by its range', (value) => {
    for (const validate of [validateNumber, validateInteger]) {
      const error = expect.objectContaining({ name: 'RangeError', code: 'ERR_OUT_OF_RANGE' });
      expect(() => validate(value, 'n', 1)).toThrowError(error);
    }
  });

  it.each(['1', null, 1n, {}])('refuse %s by its type', (value) => {
    for (const validate of [validateNumber, validateInteger]) {
      const error = expect.objectContaining({ name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' });
      expect(() => validate(value, 'n', 1)).toThrowError(error);
    }
  });
});

describe('validateLimits', () => {
  const defaults = { size: 1, count: 2 };
  const read = (given: unknown) => validateLimits(given, defaults, (value, name) => validateInteger(value, name, 0));

  it('puts those that are set over the defaults', () => {
    expect([read(undefined), read(null), read({ size: undefined })]).toEqual([defaults, defaults, defaults]);
    expect(read({ size: 5 })).toEqual({ size: 5, count: 2 });
    expect(defaults).toEqual({ size: 1, count: 2 });
  });

  it('names the limit that is out of range', () => {
    expect(() => read({ count: -1 })).toThrowError(
      expect.objectContaining({ message: expect.stringMatching(/"limits\.count".*-1/) }),
    );
  });

  it('names the known ones for one that is unknown', () => {
    expect(() => read({ maxPayload: 1 })).toThrowError(
      expect.objectContaining({
        name: 'TypeError',
        code: 'ERR_INVALID_ARG_VALUE',
        message: expect.stringMatching(/limits\.maxPayload.*size.*count/s),
      }),
    );
  });
});
