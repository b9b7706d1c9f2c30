// The examples of RFC 6455 section 5.7 verify the frames of the tests.
import { describe, expect, test } from 'vitest';
import {
  decodeFrames,
  decodeOnly,
  EXAMPLE_KEY,
  encodeFrame,
  hex,
  Opcode,
  patterned,
  reassemble,
} from '../../lib/parity/websocket-frames.ts';

describe('wire', () => {
  const examples = [
    ['81 05 48 65 6c 6c 6f', { opcode: Opcode.TEXT, payload: 'Hello' }],
    ['81 85 37 fa 21 3d 7f 9f 4d 51 58', { opcode: Opcode.TEXT, payload: 'Hello', key: EXAMPLE_KEY }],
    ['01 03 48 65 6c', { opcode: Opcode.TEXT, fin: false, payload: 'Hel' }],
    ['80 02 6c 6f', { opcode: Opcode.CONTINUATION, payload: 'lo' }],
    ['89 05 48 65 6c 6c 6f', { opcode: Opcode.PING, payload: 'Hello' }],
    ['8a 85 37 fa 21 3d 7f 9f 4d 51 58', { opcode: Opcode.PONG, payload: 'Hello', key: EXAMPLE_KEY }],
  ] as const;

  test.each(examples)('%s is encoded and decoded', (bytes, frame) => {
    expect(encodeFrame(frame)).toEqual(hex(bytes));
    const { key, opcode, payload, fin } = decodeOnly(hex(bytes));
    expect({ opcode, payload: payload.toString(), fin }).toEqual({
      opcode: frame.opcode,
      payload: frame.payload,
      fin: 'fin' in frame ? frame.fin : true,
    });
    expect(key).toEqual('key' in frame ? Buffer.from(frame.key) : undefined);
  });

  test.each([
    [256, '82 7e 01 00'],
    [65536, '82 7f 00 00 00 00 00 01 00 00'],
  ])('%i bytes have the header %s', (length, header) => {
    const frame = encodeFrame({ opcode: Opcode.BINARY, payload: patterned(length) });
    expect(frame.subarray(0, frame.length - length)).toEqual(hex(header));
    expect(frame.subarray(-length).equals(patterned(length))).toBe(true);
    expect(decodeOnly(frame).payload.equals(patterned(length))).toBe(true);
  });

  test('reserved bits and a longer form of the length are encoded as given', () => {
    expect(encodeFrame({ opcode: Opcode.TEXT, rsv: 4 })).toEqual(hex('c1 00'));
    expect(encodeFrame({ opcode: Opcode.TEXT, payload: 'a', lengthForm: 16 })).toEqual(hex('81 7e 00 01 61'));
    expect(decodeOnly(hex('81 7e 00 01 61')).lengthForm).toBe(16);
  });

  test('a truncated frame is an error', () => {
    for (const bytes of ['81', '81 05 48', '81 85 37 fa']) expect(() => decodeFrames(hex(bytes))).toThrow();
  });

  test('fragments become one message, with a control frame between them', () => {
    const frames = decodeFrames(hex('01 03 48 65 6c 89 00 80 02 6c 6f'));
    expect(reassemble(frames)).toEqual([{ opcode: Opcode.TEXT, payload: Buffer.from('Hello') }]);
  });

  test('a continuation without a start, a second start and a missing end are errors', () => {
    for (const bytes of ['80 00', '01 00 81 00', '01 00']) expect(() => reassemble(decodeFrames(hex(bytes)))).toThrow();
  });
});
