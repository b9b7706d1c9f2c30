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
  it.each([undefined, null])('accepts %s for omitted options', (value) => {
    expect(validateObject(value, 'options')).toEqual({});
  });

  it.each([5, 'text', true, Symbol('s'), () => {}])('rejects %o', (value) => {
    expect(() => validateObject(value, 'init')).toThrowError(
      expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE', message: expect.stringContaining('"init"') }),
    );
  });
});

describe('validateObject with known options', () => {
  it.each([Buffer.from('payload'), new DataView(new ArrayBuffer(1)), ['a']])(
    'rejects %o, which is a payload',
    (value) => {
      expect(() => validateObject(value, 'options', { names: ['signal'] })).toThrowError(
        expect.objectContaining({
          message: expect.stringContaining('"options" argument must be an object of options'),
        }),
      );
    },
  );

  it('names an example of what is expected', () => {
    const known = { names: ['server'], example: '{ server }' };
    expect(() => validateObject('p:80', 'proxy', known)).toThrow(
      '"proxy" argument must be an object such as { server }.',
    );
  });
});

describe('validateBoolean', () => {
  it('accepts a boolean, and returns the default for undefined', () => {
    const read = [
      validateBoolean(true, 'flag'),
      validateBoolean(undefined, 'flag'),
      validateBoolean(undefined, 'flag', true),
    ];
    expect(read).toEqual([true, false, true]);
  });

  it.each([0, 'true', null])('rejects %j', (value) => {
    expect(() => validateBoolean(value, 'flag')).toThrowError(
      expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }),
    );
  });
});

describe('validateSignal', () => {
  it('accepts a signal or undefined', () => {
    const { signal } = new AbortController();
    expect([validateSignal(signal), validateSignal(null), validateSignal(undefined)]).toEqual([
      signal,
      undefined,
      undefined,
    ]);
  });

  it.each([5, {}, 'text', { aborted: true }])('rejects %j', (value) => {
    expect(() => validateSignal(value)).toThrowError(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }));
  });
});

describe('validateNumber and validateInteger', () => {
  it('accept numbers from the minimum to Infinity', () => {
    expect([1, 1.5, Number.POSITIVE_INFINITY].map((value) => validateNumber(value, 'n', 1))).toEqual([
      1,
      1.5,
      Infinity,
    ]);
    expect([0, 7, Number.POSITIVE_INFINITY].map((value) => validateInteger(value, 'n', 0))).toEqual([0, 7, Infinity]);
  });

  it.each([0.5, -1, Number.NaN, Number.NEGATIVE_INFINITY])('reject %s by its range', (value) => {
    for (const validate of [validateNumber, validateInteger]) {
      const error = expect.objectContaining({ name: 'RangeError', code: 'ERR_OUT_OF_RANGE' });
      expect(() => validate(value, 'n', 1)).toThrowError(error);
    }
  });

  it.each(['1', null, 1n, {}])('reject %s by its type', (value) => {
    for (const validate of [validateNumber, validateInteger]) {
      const error = expect.objectContaining({ name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' });
      expect(() => validate(value, 'n', 1)).toThrowError(error);
    }
  });
});

describe('validateLimits', () => {
  const defaults = { size: 1, count: 2 };
  const read = (given: unknown) => validateLimits(given, defaults, (value, name) => validateInteger(value, name, 0));

  it('merges the given limits into the defaults', () => {
    expect([read(undefined), read(null), read({ size: undefined })]).toEqual([defaults, defaults, defaults]);
    expect(read({ size: 5 })).toEqual({ size: 5, count: 2 });
    expect(defaults).toEqual({ size: 1, count: 2 });
  });

  it('names the limit that is out of range', () => {
    expect(() => read({ count: -1 })).toThrowError(
      expect.objectContaining({ message: expect.stringMatching(/"limits\.count".*-1/) }),
    );
  });

  it('lists the known limits for an unknown one', () => {
    expect(() => read({ maxPayload: 1 })).toThrowError(
      expect.objectContaining({
        name: 'TypeError',
        code: 'ERR_INVALID_ARG_VALUE',
        message: expect.stringMatching(/limits\.maxPayload.*size.*count/s),
      }),
    );
  });
});
