/**
 * Memory for the bytes of actions. Node.js pools Buffers of up to 4 KiB; from there to 32 KiB allocating one costs more
 * (0.9 µs, Node 20) than the rest of a call, and a part of a slab a sixth of it.
 */
import { markAsUntransferable } from 'node:worker_threads';

const SLAB_SIZE = 131_072;
const LARGEST = 32_768;

// Saved at load: a method that is replaced later could access memory before it is used.
const { allocUnsafe, allocUnsafeSlow, poolSize } = Buffer;
const part: (slab: Buffer, start: number, end: number) => Buffer = Function.prototype.call.bind(
  Buffer.prototype.subarray,
);

let slab = Buffer.alloc(0);
let used = 0;

/** Returns a Buffer of this length, whose contents the caller must overwrite. It keeps its whole slab in memory. */
export function takeBuffer(length: number): Buffer {
  if (length < poolSize / 2 || length > LARGEST) return allocUnsafe(length);
  // A slab with another size was detached by the owner of one of its parts.
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
