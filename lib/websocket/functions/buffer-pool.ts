/**
 * Memory for the bytes of actions. Node takes Buffers of up to 4 KiB from a pool; between that and 32 KiB making one costs
 * more (0.9 µs, Node 20) than all other work of a call, and a part of a slab a sixth of it.
 */
import { markAsUntransferable } from 'node:worker_threads';

const SLAB_SIZE = 131_072;
const LARGEST = 32_768;

// Taken at load: a method that was replaced later would get hold of memory that is still to be used.
const { allocUnsafe, allocUnsafeSlow, poolSize } = Buffer;
const part: (slab: Buffer, start: number, end: number) => Buffer = Function.prototype.call.bind(
  Buffer.prototype.subarray,
);

let slab = Buffer.alloc(0);
let used = 0;

/** A Buffer of so many bytes, to be written before anybody sees it. A Buffer that is kept keeps its slab. */
export function takeBuffer(length: number): Buffer {
  if (length < poolSize / 2 || length > LARGEST) return allocUnsafe(length);
  // A slab of another size was detached by whoever holds a part of it.
  if (used + length > SLAB_SIZE || slab.length !== SLAB_SIZE) {
    slab = allocUnsafeSlow(SLAB_SIZE);
    markAsUntransferable(slab.buffer);
    used = 0;
  }
  const buffer = part(slab, used, used + length);
  // Aligned as Node aligns its pool.
  used = (used + length + 7) & ~7;
  return buffer;
}
