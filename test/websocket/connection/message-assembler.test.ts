import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { MessageAssembler } from '../../../lib/websocket/connection/message-assembler.ts';

const KIB = 1024;

/** Gives a message to the assembler in parts of a size, each in its room if there is some. */
function assemble(assembler: MessageAssembler, message: Buffer, partSize: number): Buffer {
  let at = 0;
  for (; message.length - at > partSize; at += partSize) {
    assembler.add(placed(assembler, message.subarray(at, at + partSize)));
  }
  return assembler.finish(placed(assembler, message.subarray(at)));
}

function placed(assembler: MessageAssembler, part: Buffer): Buffer {
  const room = assembler.room();
  if (room === undefined || room.length < part.length) return Buffer.from(part);
  room.set(part);
  return room.subarray(0, part.length);
}

describe('MessageAssembler', () => {
  it('has no room of its own while a message is small', () => {
    const assembler = new MessageAssembler(Number.POSITIVE_INFINITY, 100);
    expect(assembler.room()).toBeUndefined();
    assembler.add(Buffer.alloc(64 * KIB - 1));
    expect(assembler.room()).toBeUndefined();
    assembler.add(Buffer.alloc(1));
    expect(assembler.room()?.length).toBeGreaterThan(0);
  });

  it('has room for all of a message at once when the one before was large', () => {
    const assembler = new MessageAssembler(Number.POSITIVE_INFINITY, 100);
    const large = randomBytes(300 * KIB);
    assemble(assembler, large, 64 * KIB);
    expect(assembler.room()).toBeUndefined();
    assembler.add(large.subarray(0, 1000));
    expect(assembler.room()?.length).toBe(large.length - 1000);
    const rest = placed(assembler, large.subarray(1000));
    const message = assembler.finish(rest);
    expect(message.equals(large)).toBe(true);
    expect(message.buffer).toBe(rest.buffer);
  });

  it.each([1000, 8 * KIB, 64 * KIB, 100_003])('joins messages of any size from parts of %i bytes', (partSize) => {
    const assembler = new MessageAssembler(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
    const sizes = [0, 1, 64, 65, 300, 1024, 1024, 1023, 1025, 70, 2048, 100, 500, 0, 600].map((size) => size * KIB);
    const messages = sizes.map((size) => randomBytes(size));
    const joined = messages.map((message) => assemble(assembler, message, partSize));
    // Compared at the end: a message must stay as it is while later ones are put together.
    expect(joined.map((message, i) => message.equals(messages[i] as Buffer))).toEqual(messages.map(() => true));
    expect(assembler.active).toBe(false);
  });

  it('takes a part that lies elsewhere between two in the room', () => {
    const assembler = new MessageAssembler(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
    const parts = [64 * KIB, 5000, 5000, 300 * KIB, 7].map((size) => randomBytes(size));
    const [first, second, third, fourth, last] = parts as [Buffer, Buffer, Buffer, Buffer, Buffer];
    assembler.add(first);
    assembler.add(placed(assembler, second));
    assembler.add(third);
    assembler.add(fourth);
    expect(assembler.finish(placed(assembler, last)).equals(Buffer.concat(parts))).toBe(true);
  });

  it('keeps no more memory alive than twice a message', () => {
    const assembler = new MessageAssembler(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
    assemble(assembler, Buffer.alloc(4096 * KIB), 8 * KIB);
    const small = assemble(assembler, Buffer.alloc(80 * KIB), 8 * KIB);
    expect(small.buffer.byteLength).toBeLessThanOrEqual(2 * small.length);
  });

  it('refuses what goes beyond its limits, counting the parts that came', () => {
    const assembler = new MessageAssembler(100_000, 3);
    assembler.add(Buffer.alloc(65_536));
    expect(assembler.refusal(34_464)).toBeUndefined();
    expect(assembler.refusal(34_465)).toMatchObject({ status: 1009 });
    assembler.add(placed(assembler, Buffer.alloc(1)));
    assembler.add(placed(assembler, Buffer.alloc(1)));
    expect(assembler.refusal(1)).toMatchObject({ status: 1008 });
  });
});
