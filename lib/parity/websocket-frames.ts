// Encodes and decodes frames (RFC 6455 section 5.2) independently of the engine, so that tests do not check an endpoint
// with its own code.
import assert from 'node:assert/strict';

/** RFC 6455 section 5.2, "Opcode". */
export const Opcode = {
  CONTINUATION: 0x0,
  TEXT: 0x1,
  BINARY: 0x2,
  CLOSE: 0x8,
  PING: 0x9,
  PONG: 0xa,
} as const;

/** The three codings of a length: seven bits, or the 16 or 64 bits that follow. */
export type LengthForm = 7 | 16 | 64;

/** The fields of a frame. */
export interface FrameOptions {
  opcode: number;
  payload?: Uint8Array | string;
  fin?: boolean;
  /** The three reserved bits as a number: 4 is RSV1. */
  rsv?: number;
  /** The masking key; without one the mask bit is 0. */
  key?: Uint8Array | undefined;
  /** Default: the shortest. */
  lengthForm?: LengthForm;
}

/** A frame as received. */
export interface Frame {
  fin: boolean;
  rsv: number;
  opcode: number;
  key: Buffer | undefined;
  lengthForm: LengthForm;
  /** Unmasked. */
  payload: Buffer;
}

interface Message {
  opcode: number;
  payload: Buffer;
}

/** The key of RFC 6455 section 5.7's examples. */
export const EXAMPLE_KEY: Uint8Array = Uint8Array.of(0x37, 0xfa, 0x21, 0x3d);

/** Parses hexadecimal digits with blanks between them, as the statements print bytes. */
export function hex(digits: string): Buffer {
  return Buffer.from(digits.replaceAll(' ', ''), 'hex');
}

/** Returns a payload in which every byte depends on its position. */
export function patterned(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let index = 0; index < length; index += 1) bytes[index] = (index * 31 + (index >> 8) * 7 + 1) & 0xff;
  return bytes;
}

function applyMask(bytes: Uint8Array, key: Uint8Array): Buffer {
  return Buffer.from(bytes.map((byte, index) => byte ^ (key[index % 4] as number)));
}

function shortestForm(length: number): LengthForm {
  if (length <= 125) return 7;
  return length <= 0xffff ? 16 : 64;
}

/** Returns the bytes of a frame (RFC 6455 section 5.2), which may be invalid. */
export function encodeFrame(options: FrameOptions): Buffer {
  const payload = Buffer.from(options.payload ?? '');
  const form = options.lengthForm ?? shortestForm(payload.length);
  const first = ((options.fin ?? true) ? 0x80 : 0) | ((options.rsv ?? 0) << 4) | options.opcode;
  const marker = form === 7 ? payload.length : form === 16 ? 126 : 127;
  const extended = Buffer.alloc(form === 7 ? 0 : form / 8);
  if (form !== 7)
    extended.writeUIntBE(payload.length, extended.length - Math.min(6, extended.length), Math.min(6, extended.length));
  const { key } = options;
  const start = Buffer.of(first, marker | (key === undefined ? 0 : 0x80));
  return Buffer.concat([
    start,
    extended,
    key ?? Buffer.alloc(0),
    key === undefined ? payload : applyMask(payload, key),
  ]);
}

/** A close frame's payload (RFC 6455 section 5.5.1). */
export function closePayload(status: number, reason: Uint8Array | string = ''): Buffer {
  return Buffer.concat([Buffer.of(status >> 8, status & 0xff), Buffer.from(reason)]);
}

function readLength(bytes: Buffer, marker: number): { length: number; lengthForm: LengthForm; offset: number } {
  if (marker === 126) return { length: bytes.readUInt16BE(2), lengthForm: 16, offset: 4 };
  if (marker === 127) return { length: Number(bytes.readBigUInt64BE(2)), lengthForm: 64, offset: 10 };
  return { length: marker, lengthForm: 7, offset: 2 };
}

function decodeFrame(bytes: Buffer): { frame: Frame; size: number } {
  assert.ok(bytes.length >= 2, 'a frame has at least two bytes');
  const [first, second] = [bytes.readUInt8(0), bytes.readUInt8(1)];
  const { length, lengthForm, offset } = readLength(bytes, second & 0x7f);
  const masked = (second & 0x80) !== 0;
  const start = offset + (masked ? 4 : 0);
  assert.ok(bytes.length >= start + length, `a frame of ${start + length} bytes, of which ${bytes.length} are there`);
  const key = masked ? Buffer.from(bytes.subarray(offset, start)) : undefined;
  const raw = bytes.subarray(start, start + length);
  const payload = key === undefined ? Buffer.from(raw) : applyMask(raw, key);
  const frame = { fin: (first & 0x80) !== 0, rsv: (first >> 4) & 7, opcode: first & 0xf, key, lengthForm, payload };
  return { frame, size: start + length };
}

/** Returns all frames of `bytes`, which must end with the last of them. */
export function decodeFrames(bytes: Uint8Array): Frame[] {
  const frames: Frame[] = [];
  let rest = Buffer.from(bytes);
  while (rest.length > 0) {
    const { frame, size } = decodeFrame(rest);
    frames.push(frame);
    rest = rest.subarray(size);
  }
  return frames;
}

/** Returns the only frame of `bytes`. */
export function decodeOnly(bytes: Uint8Array): Frame {
  const frames = decodeFrames(bytes);
  assert.equal(frames.length, 1, `one frame expected, not ${frames.length}`);
  return frames[0] as Frame;
}

/** Assembles messages by the rules of RFC 6455 section 5.4; ignores control frames between fragments. */
export function reassemble(frames: readonly Frame[]): Message[] {
  const messages: Message[] = [];
  let open: { opcode: number; parts: Buffer[] } | undefined;
  for (const frame of frames.filter(({ opcode }) => opcode < 8)) {
    assert.equal(
      frame.opcode === Opcode.CONTINUATION,
      open !== undefined,
      'a continuation follows a start, and only that',
    );
    open ??= { opcode: frame.opcode, parts: [] };
    open.parts.push(frame.payload);
    if (!frame.fin) continue;
    messages.push({ opcode: open.opcode, payload: Buffer.concat(open.parts) });
    open = undefined;
  }
  assert.equal(open, undefined, 'the last message is finished');
  return messages;
}
