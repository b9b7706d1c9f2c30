import { describe, expect, it } from 'vitest';
import {
  clampUnsignedShort,
  defineInterface,
  requireArgument,
  toDOMString,
  toUnsignedShort,
  toUSVString,
} from '../../../lib/websocket/web/web-idl.ts';

describe('Web IDL', () => {
  it.each([
    [1000, 1000],
    [1000.4, 1000],
    [1000.6, 1001],
    [1000.5, 1000],
    [1001.5, 1002],
    [-1, 0],
    [66_536, 65_535],
    [Number.POSITIVE_INFINITY, 65_535],
    [Number.NaN, 0],
    [null, 0],
    [undefined, 0],
    ['3000', 3000],
    ['text', 0],
    [{ valueOf: (): number => 4000 }, 4000],
  ])('[Clamp] unsigned short: %s becomes %i', (value, expected) => {
    expect(clampUnsignedShort(value)).toBe(expected);
  });

  it.each([
    [5, 5],
    [65_541, 5],
    [-1, 65_535],
    [2.9, 2],
    [Number.NaN, 0],
    [Number.POSITIVE_INFINITY, 0],
  ])('unsigned short: %s becomes %i', (value, expected) => {
    expect(toUnsignedShort(value)).toBe(expected);
  });

  it.each([clampUnsignedShort, toUnsignedShort])('numbers: a BigInt and a symbol are a TypeError', (convert) => {
    expect(() => convert(1000n)).toThrow(TypeError);
    expect(() => convert(Symbol('1000'))).toThrow(TypeError);
  });

  it.each([toDOMString, toUSVString])('strings: other values are converted, and a symbol is a TypeError', (convert) => {
    const read = convert as (value: unknown) => string;
    expect([null, undefined, 1, {}, ['a', 'b']].map(read)).toEqual([
      'null',
      'undefined',
      '1',
      '[object Object]',
      'a,b',
    ]);
    expect(() => read(Symbol('text'))).toThrow(TypeError);
  });

  it('USVString: a lone surrogate becomes U+FFFD, a pair stays', () => {
    expect(toUSVString('a\uD800b\uDC00c')).toBe('a\uFFFDb\uFFFDc');
    expect(toUSVString('\uDC00\uD800')).toBe('\uFFFD\uFFFD');
    expect(toUSVString('\uD83D\uDE00')).toBe('\u{1F600}');
    expect(toDOMString('\uD800')).toBe('\uD800');
  });

  it('arguments: a missing one is a TypeError that names the operation', () => {
    expect(() => requireArgument(0, 'send')).toThrow(new TypeError('send needs an argument'));
    expect(() => requireArgument(1, 'send')).not.toThrow();
  });

  it('interfaces: members are enumerable, constants cannot be changed', () => {
    class Sample {
      get value(): number {
        return 1;
      }
      act(): void {}
    }
    defineInterface(Sample, 'Named', { ONE: 1 });
    const seen: string[] = [];
    for (const name in new Sample()) seen.push(name);
    expect(seen.sort()).toEqual(['ONE', 'act', 'value']);
    expect(Object.keys(Sample)).toEqual(['ONE']);
    expect(String(new Sample())).toBe('[object Named]');
    for (const holder of [Sample, Sample.prototype]) {
      const constant = { value: 1, enumerable: true, writable: false, configurable: false };
      expect(Object.getOwnPropertyDescriptor(holder, 'ONE')).toEqual(constant);
    }
  });
});
