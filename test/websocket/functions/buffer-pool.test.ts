import { expect, it } from 'vitest';
import { takeBuffer } from '../../../lib/websocket/functions/buffer-pool.ts';

const SIZES = [0, 1, 4095, 4096, 4097, 16_384, 32_768, 32_769, 200_000];

it('returns Buffers of the requested size that do not overlap', () => {
  const buffers = Array.from({ length: 90 }, (_, i) => takeBuffer(SIZES[i % SIZES.length] as number).fill(i));
  for (const [i, buffer] of buffers.entries()) {
    expect(buffer.length).toBe(SIZES[i % SIZES.length]);
    expect(buffer.every((byte) => byte === i)).toBe(true);
  }
});

it('returns memory that cannot be transferred', () => {
  const buffer = takeBuffer(16_384).fill(1);
  const { buffer: memory } = buffer;
  try {
    // Later versions of Node throw, version 20 copies.
    structuredClone(memory, { transfer: [memory as ArrayBuffer] });
  } catch {}
  expect(takeBuffer(16_384).length).toBe(16_384);
  expect(buffer.every((byte) => byte === 1)).toBe(true);
});
