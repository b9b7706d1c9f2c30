import { describe, expect, it } from 'vitest';
import { readBoolean, readObject, readSignal } from '../lib/options.ts';

describe('readObject', () => {
  it.each([undefined, null])('takes %s for options that were left out', (value) => {
    expect(readObject(value, 'options')).toEqual({});
  });

  it.each([5, 'text', true, Symbol('s'), () => {}])('refuses %o', (value) => {
    expect(() => readObject(value, 'init')).toThrowError(
      expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE', message: expect.stringContaining('"init"') }),
    );
  });
});

describe('readBoolean', () => {
  it('takes a boolean, and the usual one where there is none', () => {
    const read = [readBoolean(true, 'flag'), readBoolean(undefined, 'flag'), readBoolean(undefined, 'flag', true)];
    expect(read).toEqual([true, false, true]);
  });

  it.each([0, 'true', null])('refuses %j', (value) => {
    expect(() => readBoolean(value, 'flag')).toThrowError(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }));
  });
});

describe('readSignal', () => {
  it('takes a signal, and none', () => {
    const { signal } = new AbortController();
    expect([readSignal(signal), readSignal(null), readSignal(undefined)]).toEqual([signal, undefined, undefined]);
  });

  it.each([5, {}, 'text', { aborted: true }])('refuses %j', (value) => {
    expect(() => readSignal(value)).toThrowError(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }));
  });
});
