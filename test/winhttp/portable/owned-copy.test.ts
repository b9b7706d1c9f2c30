import { expect, test } from 'vitest';
import * as copies from '../../../lib/winhttp/portable/owned-copy.ts';

const CHUNK = Buffer.alloc(64 * 1024, 1);

test('a copy does not share memory', () => {
  const chunk = Buffer.from('bytes');
  const copy = copies.ownedCopy(chunk);
  chunk.fill(0);
  expect(String(copy)).toBe('bytes');
});

test('each 128 KiB of copies make some garbage', () => {
  // Whatever was copied before, the next 128 KiB begin at 0.
  const before = copies.garbage;
  for (let count = 0; count < 2 && copies.garbage === before; count++) copies.ownedCopy(CHUNK);
  const isNew = Array.from({ length: 4 }, () => {
    const before = copies.garbage;
    copies.ownedCopy(CHUNK);
    return copies.garbage !== before;
  });
  expect(isNew).toEqual([false, true, false, true]);
});
