import { describe, expect, it } from 'vitest';
import { HResult } from '../lib/hresult.ts';
import { loadNative } from '../lib/native.ts';

describe('HResult', () => {
  const native = loadNative().hresults;
  const values: Readonly<Record<string, number>> = HResult;

  it.each(native.filter(({ name }) => name in HResult))('agrees with the native table on $name', ({ name, value }) => {
    expect(values[name]).toBe(value);
  });

  it.each(native.filter(({ name }) => !(name in HResult)))(
    'has no other name for what is $name natively',
    ({ value }) => {
      expect(Object.values(HResult)).not.toContain(value);
    },
  );

  it('contains every HRESULT of the 13 functions', () => {
    expect(Object.keys(HResult)).toEqual(
      expect.arrayContaining([
        'E_INVALID_PROTOCOL_OPERATION',
        'E_INVALID_PROTOCOL_FORMAT',
        'E_PROTOCOL_EXTENSIONS_NOT_SUPPORTED',
        'E_SUBPROTOCOL_NOT_SUPPORTED',
        'E_PROTOCOL_VERSION_NOT_SUPPORTED',
        'E_INVALIDARG',
        'E_OUTOFMEMORY',
        'ERROR_INSUFFICIENT_BUFFER',
        'ERROR_ARITHMETIC_OVERFLOW',
      ]),
    );
  });

  it('is frozen', () => {
    expect(Object.isFrozen(HResult)).toBe(true);
  });

  it('has the values of winerror.h as types, and no other names', () => {
    const invalid: 0x80070057 = HResult.E_INVALIDARG;
    // @ts-expect-error: a misspelt name does not compile.
    expect([invalid, HResult.E_INVALID_ARG]).toEqual([0x80070057, undefined]);
  });

  it("gives WinHTTP's errors the HRESULT of their Win32 error", () => {
    const errors = Object.entries(HResult).filter(([name]) => name.startsWith('ERROR_WINHTTP_'));
    expect(errors.length).toBeGreaterThan(35);
    expect(errors.filter(([, value]) => value < 0x80070000 + 12001 || value > 0x80070000 + 12186)).toEqual([]);
    expect(HResult.ERROR_WINHTTP_TIMEOUT).toBe(0x80070000 + 12002);
  });
});
