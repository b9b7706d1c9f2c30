import { describe, expect, it } from 'vitest';
import { connectionLimits, DEFAULT_LIMITS } from '../../../lib/websocket/connection/limits.ts';

const NAMES = Object.keys(DEFAULT_LIMITS) as (keyof typeof DEFAULT_LIMITS)[];

describe('connectionLimits', () => {
  it.each([[undefined], [null], [{}], [{ messageSize: undefined }]])('returns the defaults for %j', (limits) => {
    expect(connectionLimits(limits)).toEqual(DEFAULT_LIMITS);
  });

  it.each(NAMES)('accepts %s alone, up to Infinity, and keeps the others', (name) => {
    expect(connectionLimits({ [name]: 7 })).toEqual({ ...DEFAULT_LIMITS, [name]: 7 });
    expect(connectionLimits({ [name]: Number.POSITIVE_INFINITY })[name]).toBe(Number.POSITIVE_INFINITY);
  });

  it.each(NAMES)('rejects for %s values other than numbers from its minimum', (name) => {
    for (const value of ['7', null, {}, true, 7n]) {
      expect(() => connectionLimits({ [name]: value })).toThrow(
        expect.objectContaining({ name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' }),
      );
    }
    for (const value of [-1, Number.NaN, Number.NEGATIVE_INFINITY]) {
      expect(() => connectionLimits({ [name]: value })).toThrow(
        expect.objectContaining({ name: 'RangeError', code: 'ERR_OUT_OF_RANGE' }),
      );
    }
    const zero = () => connectionLimits({ [name]: 0 });
    if (name === 'receiveHighWaterMark') expect(zero()[name]).toBe(0);
    else expect(zero).toThrow(RangeError);
  });

  it.each([[5], ['messageSize'], [true], [() => {}]])('rejects %s as limits', (limits) => {
    expect(() => connectionLimits(limits)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }));
  });

  it.each(['messagesize', 'constructor', '__proto__'])('rejects the unknown limit %s', (name) => {
    const limits = Object.defineProperty({}, name, { value: 1, enumerable: true });
    expect(() => connectionLimits(limits)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_VALUE' }));
    expect(DEFAULT_LIMITS).toEqual(connectionLimits({}));
  });
});
