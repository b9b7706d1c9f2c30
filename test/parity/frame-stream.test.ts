import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FrameStream } from '../../lib/parity/frame-stream.ts';
import { closePayload, encodeFrame, hex, Opcode, patterned } from '../../lib/parity/websocket-frames.ts';

const key = Uint8Array.of(0x37, 0xfa, 0x21, 0x3d);
const masked = encodeFrame({ opcode: Opcode.TEXT, payload: 'Hello', key });

describe('a stream of frames', () => {
  test('is unmasked, without its keys', () => {
    expect(new FrameStream().push(masked)).toEqual({
      text: '81 85 kk kk kk kk 48 65 6c 6c 6f',
      keys: ['drawn'],
      frames: ['TEXT, 5 bytes, masked "Hello"'],
    });
  });

  test('has the same text in any pieces', () => {
    const stream = new FrameStream();
    const pieces = [...masked].map((byte) => stream.push(Uint8Array.of(byte)));
    expect(pieces.map(({ text }) => text).join(' ')).toBe('81 85 kk kk kk kk 48 65 6c 6c 6f');
    expect(pieces.flatMap(({ keys }) => keys)).toEqual(['drawn']);
  });

  test('marks a key that is zero or reused', () => {
    const stream = new FrameStream();
    const zero = encodeFrame({ opcode: Opcode.BINARY, payload: 'x', key: new Uint8Array(4) });
    expect(stream.push(Buffer.concat([masked, zero, masked])).keys).toEqual(['drawn', 'zero', 'repeated']);
  });

  test.each([
    [{ opcode: Opcode.CLOSE, payload: closePayload(1000, 'done') }, 'CLOSE, 6 bytes: 1000 "done"'],
    [{ opcode: Opcode.CLOSE }, 'CLOSE, 0 bytes'],
    [{ opcode: Opcode.TEXT, fin: false, payload: 'x' }, 'TEXT (more to come), 1 byte "x"'],
    [{ opcode: 5, rsv: 4, payload: Uint8Array.of(0) }, 'opcode 5, 1 byte, reserved bits 4'],
    [{ opcode: Opcode.BINARY, payload: patterned(300) }, 'BINARY, 300 bytes'],
    [{ opcode: Opcode.BINARY, payload: patterned(70_000) }, 'BINARY, 70000 bytes'],
  ])('describes %j', (frame, text) => {
    expect(new FrameStream().push(encodeFrame(frame)).frames).toEqual([text]);
  });

  test('of many bytes shows the first ones, and a digest of all without their keys', () => {
    const text = (bytes: Buffer) => new FrameStream().push(bytes).text;
    const payload = patterned(1000);
    const frame = (other: number) =>
      encodeFrame({ opcode: Opcode.BINARY, payload, key: Uint8Array.of(1, 2, 3, other) });
    expect(text(frame(4))).toMatch(/^1008 bytes, sha256 [0-9a-f]{16}…, from 82 fe 03 e8 00 00 00 00 01 20 /);
    expect(text(frame(4))).toBe(text(frame(5)));
    const changed = encodeFrame({ opcode: Opcode.BINARY, payload: patterned(1000).fill(7, 999), key });
    expect(text(changed)).not.toBe(text(frame(4)));
  });

  test('accepts invalid frames', () => {
    const stream = new FrameStream();
    expect(stream.push(hex('82 7f ff ff ff ff ff ff ff ff 01')).frames[0]).toMatch(
      /^BINARY, 1844674407370955\d+ bytes$/,
    );
    expect(stream.push(new Uint8Array(0))).toEqual({ text: '', keys: [], frames: [] });
    for (let seed = 1; seed < 200; seed += 1) new FrameStream().push(patterned(300).map((byte) => byte * seed));
  });

  const frames = fc.array(
    fc.record({
      opcode: fc.constantFrom(Opcode.TEXT, Opcode.BINARY, Opcode.PING, Opcode.CLOSE),
      fin: fc.boolean(),
      size: fc.oneof(fc.nat(20), fc.constantFrom(125, 126, 300)),
      key: fc.option(fc.uint8Array({ minLength: 4, maxLength: 4 }), { nil: undefined }),
    }),
    { maxLength: 5 },
  );

  test('has the same text in any pieces, and without its masks', () => {
    fc.assert(
      fc.property(frames, fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (list, cuts) => {
        const bytes = Buffer.concat(list.map((one) => encodeFrame({ ...one, payload: patterned(one.size) })));
        const whole = new FrameStream().push(bytes);
        const stream = new FrameStream();
        const pieces = [];
        for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
          const size = cuts[turn % cuts.length] as number;
          pieces.push(stream.push(bytes.subarray(at, at + size)));
          at += size;
        }
        expect(whole.frames).toHaveLength(list.length);
        expect(whole.keys).toHaveLength(list.filter(({ key }) => key !== undefined).length);
        expect(pieces.flatMap(({ keys }) => keys)).toEqual(whole.keys);
        expect(pieces.flatMap((piece) => piece.frames)).toHaveLength(list.length);
        const other = list.map((one) => ({ ...one, ...(one.key && { key: one.key.map((byte) => byte ^ 0xff) }) }));
        const remasked = Buffer.concat(other.map((one) => encodeFrame({ ...one, payload: patterned(one.size) })));
        expect(new FrameStream().push(remasked)).toMatchObject({ text: whole.text, frames: whole.frames });
      }),
    );
  });

  test('does not change its input', () => {
    const bytes = Buffer.from(masked);
    new FrameStream().push(bytes);
    expect(bytes.equals(masked)).toBe(true);
  });
});
