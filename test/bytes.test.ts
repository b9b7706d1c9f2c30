import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { type Bytes, copyBytes, isBytes, toUint8Array } from '../lib/bytes.ts';

const memory = () => Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8).buffer;

const KINDS: [string, (buffer: ArrayBuffer) => Bytes, number[]][] = [
  ['an ArrayBuffer', (buffer) => buffer, [1, 2, 3, 4, 5, 6, 7, 8]],
  ['a Buffer', (buffer) => Buffer.from(buffer, 2, 3), [3, 4, 5]],
  ['a Uint8Array', (buffer) => new Uint8Array(buffer, 1, 2), [2, 3]],
  ['a Uint16Array', (buffer) => new Uint16Array(buffer, 2, 1), [3, 4]],
  ['a DataView', (buffer) => new DataView(buffer, 6), [7, 8]],
];

describe.each(KINDS)('%s', (_kind, make, expected) => {
  it('counts as bytes, as a Uint8Array over the same memory', () => {
    const buffer = memory();
    const bytes = make(buffer);
    const view = toUint8Array(bytes, 'data');
    expect([isBytes(bytes), [...view]]).toEqual([true, expected]);
    new Uint8Array(buffer).fill(0);
    expect([...view]).toEqual(expected.map(() => 0));
  });

  it('is copied to other memory', () => {
    const buffer = memory();
    const copy = copyBytes(make(buffer), 'data');
    new Uint8Array(buffer).fill(0);
    expect([...copy]).toEqual(expected);
    expect(copy).toBeInstanceOf(Buffer);
    expect(copy.buffer.byteLength).toBe(expected.length);
  });

  it('throws when its memory is detached', () => {
    const buffer = memory();
    const bytes = make(buffer);
    structuredClone(buffer, { transfer: [buffer] });
    const error = expect.objectContaining({ name: 'TypeError', code: 'ERR_INVALID_ARG_VALUE' });
    expect(() => toUint8Array(bytes, 'data')).toThrow(error);
    expect(() => copyBytes(bytes, 'data')).toThrow(error);
  });
});

it('accepts a SharedArrayBuffer and bytes of another realm', () => {
  const shared = new SharedArrayBuffer(2);
  const foreign = runInNewContext('new Uint8Array([7, 8])');
  expect([...copyBytes(shared, 'data'), ...copyBytes(foreign, 'data')]).toEqual([0, 0, 7, 8]);
});

it('runs no user code of the bytes', () => {
  class Odd extends Uint8Array {
    override slice(): never {
      throw new Error('slice was called');
    }
    override get byteLength(): number {
      throw new Error('byteLength was read');
    }
  }
  expect([...copyBytes(new Odd([1, 2]), 'data')]).toEqual([1, 2]);
});

it.each([['text'], [5], [null], [[1, 2]], [{ byteLength: 1 }], [new Blob([])]])(
  'does not accept %s as bytes',
  (value) => {
    expect(isBytes(value)).toBe(false);
  },
);
