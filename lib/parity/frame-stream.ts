/**
 * Parses one direction of a connection (RFC 6455 section 5.2) from any number of pieces. Removes the random masking
 * keys and unmasks the payload, so that two runs give the same text.
 */
import { hexOf, quoted } from './trace-bytes.ts';

const OPCODES: Readonly<Record<number, string>> = {
  0: 'CONTINUATION',
  1: 'TEXT',
  2: 'BINARY',
  8: 'CLOSE',
  9: 'PING',
  10: 'PONG',
};

/** The kind of a frame's masking key: random, zero, or used before. */
export type KeyNote = 'drawn' | 'zero' | 'repeated';

/** A piece of the stream. */
export interface StablePiece {
  /** The bytes unmasked, as hexadecimal digits; `kk` is a byte of a masking key. */
  readonly text: string;
  /** The masking keys that end in it. */
  readonly keys: readonly KeyNote[];
  /** Descriptions of the frames whose headers end in it. */
  readonly frames: readonly string[];
}

/** The frame of the next byte. */
class FrameInProgress {
  readonly #header: number[] = [];
  #size = 2;
  #payload = 0;
  /** Remaining bytes of the payload. */
  left = 0;

  get headerComplete(): boolean {
    return this.#header.length === this.#size;
  }

  get key(): Buffer | undefined {
    return this.#masked ? Buffer.from(this.#header.slice(-4)) : undefined;
  }

  get #masked(): boolean {
    return ((this.#header[1] ?? 0) & 0x80) !== 0;
  }

  /** Processes a byte of the header; returns true for a byte of the masking key. */
  takeHeader(byte: number): boolean {
    this.#header.push(byte);
    const { length } = this.#header;
    if (length === 2) this.#size += lengthBytes(byte & 0x7f) + (this.#masked ? 4 : 0);
    if (this.headerComplete) this.#measure();
    return length > 2 && this.#masked && length > this.#size - 4;
  }

  #measure(): void {
    const header = Buffer.from(this.#header);
    const marker = header.readUInt8(1) & 0x7f;
    const extended = header.subarray(2, 2 + lengthBytes(marker));
    this.#payload = extended.length === 0 ? marker : Number(`0x${extended.toString('hex')}`);
    this.left = this.#payload;
  }

  /** Unmasks the next bytes of the payload in place. */
  takePayload(bytes: Buffer): void {
    const { key } = this;
    const done = this.#payload - this.left;
    if (key)
      for (let i = 0; i < bytes.length; i += 1) bytes[i] = (bytes[i] as number) ^ (key[(done + i) % 4] as number);
    this.left -= bytes.length;
  }

  /** `TEXT, 5 bytes, masked "Hello"`; `start` is the available, unmasked part of the payload. */
  describe(start: Buffer): string {
    const first = this.#header[0] as number;
    const opcode = first & 0xf;
    const whole = start.length === this.#payload;
    const parts = [
      `${OPCODES[opcode] ?? `opcode ${opcode}`}${first & 0x80 ? '' : ' (more to come)'}`,
      `${this.#payload} byte${this.#payload === 1 ? '' : 's'}`,
      ...(first & 0x70 ? [`reserved bits ${(first >> 4) & 7}`] : []),
      ...(this.#masked ? ['masked'] : []),
    ];
    if (opcode === 8 && whole && start.length >= 2) {
      const reason = quoted(start.subarray(2));
      return `${parts.join(', ')}: ${start.readUInt16BE(0)}${reason ? ` ${reason}` : ''}`;
    }
    const text = whole ? quoted(start) : undefined;
    return text === undefined ? parts.join(', ') : `${parts.join(', ')} ${text}`;
  }
}

function lengthBytes(marker: number): number {
  if (marker === 126) return 2;
  return marker === 127 ? 8 : 0;
}

/** Parses a stream of frames piece by piece, including invalid ones. */
export class FrameStream {
  readonly #keys = new Set<string>();
  #frame = new FrameInProgress();

  push(bytes: Uint8Array): StablePiece {
    const plain = Buffer.from(bytes);
    const keyBytes = new Set<number>();
    const keys: KeyNote[] = [];
    const frames: string[] = [];
    let described: { frame: FrameInProgress; start: number } | undefined;
    const describe = (end: number) => {
      if (described !== undefined) frames.push(described.frame.describe(plain.subarray(described.start, end)));
      described = undefined;
    };
    for (let index = 0; index < plain.length; ) {
      const frame = this.#frame;
      if (!frame.headerComplete) {
        if (frame.takeHeader(plain[index] as number)) keyBytes.add(index);
        index += 1;
        if (!frame.headerComplete) continue;
        if (frame.key) keys.push(this.#note(frame.key));
        described = { frame, start: index };
      } else {
        const end = index + Math.min(frame.left, plain.length - index);
        frame.takePayload(plain.subarray(index, end));
        index = end;
      }
      if (frame.left > 0) continue;
      describe(index);
      this.#frame = new FrameInProgress();
    }
    describe(plain.length);
    return { text: textOf(plain, keyBytes), keys, frames };
  }

  #note(key: Buffer): KeyNote {
    const digits = key.toString('hex');
    if (digits === '00000000') return 'zero';
    if (this.#keys.has(digits)) return 'repeated';
    this.#keys.add(digits);
    return 'drawn';
  }
}

function textOf(plain: Buffer, keyBytes: ReadonlySet<number>): string {
  for (const index of keyBytes) plain[index] = 0;
  const text = hexOf(plain);
  if (keyBytes.size === 0 || !/^[0-9a-f]{2}( |$)/.test(text)) return text;
  return text
    .split(' ')
    .map((byte, index) => (keyBytes.has(index) ? 'kk' : byte))
    .join(' ');
}
