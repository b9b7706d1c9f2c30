import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { MessageAssembler } from '../../../lib/websocket/connection/message-assembler.ts';

const KIB = 1024;

/** Adds a message to the assembler in parts, each in the assembler's block if there is one. */
function assemble(assembler: MessageAssembler, message: Buffer, partSize: number): Buffer {
  let at = 0;
  for (; message.length - at > partSize; at += partSize) {
    assembler.add(placed(assembler, message.subarray(at, at + partSize)));
  }
  return assembler.finish(placed(assembler, message.subarray(at)));
}

function placed(assembler: MessageAssembler, part: Buffer): Buffer {
  const room = assembler.freeSpace();
  if (room === undefined || room.length < part.length) return Buffer.from(part);
  room.set(part);
  return room.subarray(0, part.length);
}

describe('MessageAssembler', () => {
  it('allocates no block while a message is small', () => {
    const assembler = new MessageAssembler(Number.POSITIVE_INFINITY);
    expect(assembler.freeSpace()).toBeUndefined();
    assembler.add(Buffer.alloc(64 * KIB - 1));
    expect(assembler.freeSpace()).toBeUndefined();
    assembler.add(Buffer.alloc(1));
    expect(assembler.freeSpace()?.length).toBeGreaterThan(0);
  });

  it('allocates a block for all of a message if the previous one was large', () => {
    const assembler = new MessageAssembler(Number.POSITIVE_INFINITY);
    const large = randomBytes(300 * KIB);
    assemble(assembler, large, 64 * KIB);
    expect(assembler.freeSpace()).toBeUndefined();
    assembler.add(large.subarray(0, 1000));
    expect(assembler.freeSpace()?.length).toBe(large.length - 1000);
    const rest = placed(assembler, large.subarray(1000));
    const message = assembler.finish(rest);
    expect(message.equals(large)).toBe(true);
    expect(message.buffer).toBe(rest.buffer);
  });

  it.each([1000, 8 * KIB, 64 * KIB, 100_003])('joins messages of any size from parts of %i bytes', (partSize) => {
    const assembler = new MessageAssembler(Number.POSITIVE_INFINITY);
    const sizes = [0, 1, 64, 65, 300, 1024, 1024, 1023, 1025, 70, 2048, 100, 500, 0, 600].map((size) => size * KIB);
    const messages = sizes.map((size) => randomBytes(size));
    const joined = messages.map((message) => assemble(assembler, message, partSize));
    // Compared at the end: later messages must not change earlier ones.
    expect(joined.map((message, i) => message.equals(messages[i] as Buffer))).toEqual(messages.map(() => true));
    expect(assembler.active).toBe(false);
  });

  it('accepts a part outside the block between two inside it', () => {
    const assembler = new MessageAssembler(Number.POSITIVE_INFINITY);
    const parts = [64 * KIB, 5000, 5000, 300 * KIB, 7].map((size) => randomBytes(size));
    const [first, second, third, fourth, last] = parts as [Buffer, Buffer, Buffer, Buffer, Buffer];
    assembler.add(first);
    assembler.add(placed(assembler, second));
    assembler.add(third);
    assembler.add(fourth);
    expect(assembler.finish(placed(assembler, last)).equals(Buffer.concat(parts))).toBe(true);
  });

  it('keeps at most twice the size of a message alive', () => {
    const assembler = new MessageAssembler(Number.POSITIVE_INFINITY);
    assemble(assembler, Buffer.alloc(4096 * KIB), 8 * KIB);
    const small = assemble(assembler, Buffer.alloc(80 * KIB), 8 * KIB);
    expect(small.buffer.byteLength).toBeLessThanOrEqual(2 * small.length);
  });

  it('allocates exactly what the last frame of a message announces', () => {
    const assembler = new MessageAssembler(Number.POSITIVE_INFINITY);
    for (const size of [12 * KIB, 20 * KIB, 40 * KIB, 500 * KIB]) {
      const message = randomBytes(size);
      assembler.add(message.subarray(0, 60));
      assembler.announce(size - 60, true, true);
      const room = assembler.freeSpace() as Buffer;
      expect(room.length).toBe(size - 60);
      const whole = assembler.finish(placed(assembler, message.subarray(60)));
      expect(whole.equals(message)).toBe(true);
      expect(whole.buffer).toBe(room.buffer);
    }
  });

  it('does not allocate for frames after one that is not the last', () => {
    const assembler = new MessageAssembler(Number.POSITIVE_INFINITY);
    assembler.add(Buffer.alloc(60));
    assembler.announce(20 * KIB, false, true);
    expect(assembler.freeSpace()).toBeUndefined();
    assembler.announce(20 * KIB, true, true);
    assembler.add(Buffer.alloc(1));
    expect(assembler.freeSpace()).toBeUndefined();
  });

  it.each([
    [true, 12 * KIB],
    [false, 64 * KIB],
  ])('joins the parts of a small message at its end (in place: %s)', (inPlace, smallest) => {
    for (const [size, hasBlock] of [
      [smallest - 1, false],
      [smallest, true],
    ] as const) {
      const assembler = new MessageAssembler(Number.POSITIVE_INFINITY);
      const message = randomBytes(size);
      assembler.add(message.subarray(0, 60));
      assembler.announce(size - 60, true, inPlace);
      expect(assembler.freeSpace()?.length).toBe(hasBlock ? size - 60 : undefined);
      expect(assembler.finish(placed(assembler, message.subarray(60))).equals(message)).toBe(true);
    }
  });

  it('has a block after eight parts of a small message, so that single bytes do not fill memory', () => {
    const assembler = new MessageAssembler(Number.POSITIVE_INFINITY);
    const message = randomBytes(1000);
    for (let at = 0; at < 999; at++) {
      assembler.add(placed(assembler, message.subarray(at, at + 1)));
      assembler.announce(999 - at, true, false);
      expect(assembler.freeSpace() === undefined).toBe(at < 7);
    }
    expect(assembler.finish(placed(assembler, message.subarray(999))).equals(message)).toBe(true);
  });

  it('trusts an announced size up to 1 MiB, or 32 times what has arrived', () => {
    const roomFor = (came: number, announced: number) => {
      const assembler = new MessageAssembler(Number.POSITIVE_INFINITY);
      assembler.add(Buffer.alloc(came));
      assembler.announce(announced, true, true);
      return assembler.freeSpace()?.length;
    };
    expect(roomFor(60, 1024 * KIB - 60)).toBe(1024 * KIB - 60);
    expect(roomFor(60, 1 << 30)).toBe(64 * KIB);
    expect(roomFor(64 * KIB, 1984 * KIB)).toBe(1984 * KIB);
    expect(roomFor(64 * KIB, 1 << 30)).toBe(1984 * KIB);
  });

  it('assembles a message longer than the trusted size', () => {
    const assembler = new MessageAssembler(Number.POSITIVE_INFINITY);
    const message = randomBytes(5000 * KIB);
    let at = 0;
    for (const size of Array.from({ length: 78 }, () => 64 * KIB)) {
      assembler.add(placed(assembler, message.subarray(at, at + size)));
      at += size;
      assembler.announce(message.length - at, true, true);
    }
    expect(assembler.finish(placed(assembler, message.subarray(at))).equals(message)).toBe(true);
  });

  it('keeps messages separate that share memory', () => {
    const assemblers = Array.from({ length: 20 }, () => new MessageAssembler(Number.POSITIVE_INFINITY));
    const messages = assemblers.map(() => randomBytes(13 * KIB));
    assemblers.forEach((assembler, i) => {
      assembler.add((messages[i] as Buffer).subarray(0, 100));
      assembler.announce(13 * KIB - 100, true, true);
      assembler.add(placed(assembler, (messages[i] as Buffer).subarray(100, 5000)));
    });
    const joined = assemblers.map((assembler, i) =>
      assembler.finish(placed(assembler, (messages[i] as Buffer).subarray(5000))),
    );
    expect(joined.map((message, i) => message.equals(messages[i] as Buffer))).toEqual(messages.map(() => true));
  });

  it('rejects a frame that announces more than the limit, including earlier parts', () => {
    const assembler = new MessageAssembler(100_000);
    assembler.add(Buffer.alloc(60_000));
    expect(assembler.announce(40_000, false, true)).toBeUndefined();
    expect(assembler.announce(40_001, false, true)).toMatchObject({ status: 1009 });
  });

  it('rejects a part beyond the limit, including earlier parts', () => {
    const assembler = new MessageAssembler(100_000);
    assembler.add(Buffer.alloc(65_536));
    expect(assembler.refusal(34_464)).toBeUndefined();
    expect(assembler.refusal(34_465)).toMatchObject({ status: 1009 });
  });
});
