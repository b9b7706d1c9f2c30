import { afterEach, expect, it } from 'vitest';
import { loadNative } from '../../../lib/native.ts';
import {
  MESSAGE_CAPACITY,
  messages,
  NULL_DATA,
  STAGING_SIZE,
  staging,
} from '../../../lib/websocket/connection/pump-block.ts';
import { stagingArea } from '../../../lib/websocket/connection/staging-area.ts';

loadNative();
const TYPE = 2;

/** A pump that empties the area on demand, and counts how often. */
class Owner {
  flushes = 0;

  flush(): void {
    this.flushes++;
    stagingArea.take(this);
  }

  add(size: number): void {
    expect(stagingArea.reserve(this, size)).toBe(true);
    stagingArea.addBytes(this, TYPE, Buffer.alloc(size, 1));
  }
}

let owner = new Owner();
afterEach(() => {
  stagingArea.take(owner);
  owner = new Owner();
});

it('holds messages up to its number, then its owner must flush', () => {
  for (let count = 0; count < MESSAGE_CAPACITY; count++) owner.add(1);
  expect(owner.flushes).toBe(0);
  owner.add(1);
  expect([owner.flushes, stagingArea.take(owner)]).toEqual([1, { count: 1, bytes: 1 }]);
});

it('holds bytes up to its size, then its owner must flush', () => {
  for (let size = 0; size < STAGING_SIZE; size += 16_384) owner.add(16_384);
  owner.add(0);
  expect(owner.flushes).toBe(0);
  owner.add(1);
  expect([owner.flushes, stagingArea.take(owner)]).toEqual([1, { count: 1, bytes: 1 }]);
});

it('takes no message over 16 KiB', () => {
  expect([16_384, 16_385].map((size) => stagingArea.reserve(owner, size))).toEqual([true, false]);
});

it('is emptied by its owner before another may have it', () => {
  const other = new Owner();
  other.add(1);
  owner.add(1);
  expect([other.flushes, owner.flushes, stagingArea.take(other)]).toEqual([1, 0, undefined]);
  expect(stagingArea.take(owner)).toEqual({ count: 1, bytes: 1 });
  expect(stagingArea.take(owner)).toBeUndefined();
});

it('has the bytes of each message behind those of the one before', () => {
  stagingArea.addBytes(owner, 1, Buffer.from('a'), 1001);
  stagingArea.addEmpty(owner, 2, NULL_DATA);
  expect(stagingArea.addText(owner, 3, 'é')).toBe(2);
  expect([...messages.subarray(0, 11)]).toEqual([
    ...[0x80000001 | 0, 1, 1001, expect.any(Number)],
    ...[0x80000002 | 0, NULL_DATA, 0, expect.any(Number)],
    ...[0x80000003 | 0, 2, 0],
  ]);
  expect(staging.toString('utf8', 0, 3)).toBe('aé');
  expect(stagingArea.take(owner)).toEqual({ count: 3, bytes: 3 });
});
