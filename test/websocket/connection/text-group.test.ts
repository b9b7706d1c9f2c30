import fc from 'fast-check';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { loadNative } from '../../../lib/native.ts';
import { Encoding, items, RECORD_WORDS, TypeBits } from '../../../lib/websocket/connection/pump-block.ts';
import { endOfTexts, TextGroup } from '../../../lib/websocket/connection/text-group.ts';

/** Returns texts with other bytes between them, in one memory, and their positions. */
function layOut(texts: readonly string[], gaps: readonly number[], encoding: 'latin1' | 'utf16le') {
  const places: { offset: number; length: number }[] = [];
  const parts: Buffer[] = [];
  let offset = 0;
  texts.forEach((text, i) => {
    const gap = Buffer.alloc(((gaps[i % gaps.length] as number) >> 1) << 1, 0xff);
    const bytes = Buffer.from(text, encoding);
    places.push({ offset: offset + gap.length, length: bytes.length });
    parts.push(gap, bytes);
    offset += gap.length + bytes.length;
  });
  return { memory: Buffer.concat([...parts, Buffer.alloc(64, 0xff)]), places, end: offset };
}

const sizes = fc.oneof(fc.nat(40), fc.nat(300), fc.nat(5000));
const wide = sizes.chain((size) => fc.string({ unit: 'grapheme', minLength: 0, maxLength: size }));
const ascii = sizes.chain((size) => fc.string({ unit: 'grapheme-ascii', minLength: 0, maxLength: size }));
const gaps = fc.array(fc.nat(600), { minLength: 1, maxLength: 5 });

describe('TextGroup', () => {
  it.each([
    ['utf16le', wide],
    ['latin1', ascii],
  ] as const)('decodes texts in %s of any sizes and distances', (encoding, text) => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 30 }), gaps, (texts, between) => {
        const { memory, places, end } = layOut(texts, between, encoding);
        const group = new TextGroup(memory, encoding, end);
        expect(places.map(({ offset, length }) => group.read(offset, length))).toEqual(texts);
      }),
      { numRuns: 60 },
    );
  });

  it('reads nothing after the last text, and a single text separately', () => {
    const memory = Buffer.from('a lone text with something behind it');
    let last = 0;
    const watched = Object.assign(memory, {
      toString(_encoding: string, from: number, to: number) {
        last = Math.max(last, to);
        return Buffer.prototype.toString.call(memory, 'latin1', from, to);
      },
    });
    expect(new TextGroup(watched as Buffer, 'latin1', 11).read(0, 11)).toBe('a lone text');
    expect(last).toBe(11);
  });
});

describe('endOfTexts', () => {
  beforeAll(() => void loadNative());
  afterEach(() => void items.fill(0, 0, 3 * RECORD_WORDS));

  const record = (index: number, values: number[]) => items.set(values, index * RECORD_WORDS);

  it('returns the end of the last text with that encoding', () => {
    record(0, [TypeBits.UTF8_MESSAGE, 6, 10, Encoding.ASCII]);
    record(1, [TypeBits.UTF8_MESSAGE, 0, 8, Encoding.UTF16]);
    record(2, [TypeBits.BINARY_MESSAGE, 30, 5, Encoding.BYTES]);
    expect(endOfTexts(3, Encoding.ASCII)).toBe(16);
    expect(endOfTexts(3, Encoding.UTF16)).toBe(8);
  });

  it('ignores control frames and items beyond the count', () => {
    record(0, [TypeBits.CLOSE, 4, 4, Encoding.ASCII]);
    record(1, [TypeBits.UTF8_MESSAGE, 6, 10, Encoding.ASCII]);
    expect(endOfTexts(1, Encoding.ASCII)).toBe(0);
  });
});
