// decode-*: messages decoded from masked frames in chunks of 64 KiB, one callback a message.
import { randomBytes } from 'node:crypto';
import { type Contestant, compareRounds, type Row } from '../lib/rounds.ts';
import { type MessageSource, type WireOptions, winwireServer, wire, wsReceiver } from './in-memory.ts';

const CHUNK = 65_536;
const TEXT = 'Grüße aus Köln, привет из Москвы, 東京からこんにちは. ';
const ASCII = 'The quick brown fox jumps over the lazy dog. ';

const KIB = 1024;
const MIB = 1 << 20;

interface Case extends WireOptions {
  id: string;
  payloads: Buffer[];
}

const CASES: readonly Case[] = [
  { id: 'decode-16', payloads: randomOf(16), total: 4 * MIB },
  { id: 'decode-125', payloads: randomOf(125), total: 8 * MIB },
  { id: 'decode-1024', payloads: randomOf(KIB), total: 16 * MIB },
  { id: 'decode-16384', payloads: randomOf(16 * KIB), total: 32 * MIB },
  { id: 'decode-1048576', payloads: randomOf(MIB), total: 64 * MIB },
  { id: 'decode-mixed', payloads: randomOf(150 * KIB, MIB, 300 * KIB, 2 * MIB), total: 64 * MIB },
  { id: 'decode-fragments', payloads: randomOf(MIB), frameSize: 4 * KIB, total: 64 * MIB },
  { id: 'decode-text-125', payloads: [textOf(125)], isText: true, total: 8 * MIB },
  { id: 'decode-ascii-125', payloads: [Buffer.alloc(125, ASCII)], isText: true, total: 8 * MIB },
];

export const decodeIds: readonly string[] = CASES.map(({ id }) => id);

/** The rows of these ids. */
export async function decodeRows(rounds: number, ids: readonly string[]): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { id, payloads, ...options } of CASES) {
    if (!ids.includes(id)) continue;
    const { chunks, messages } = wire(payloads, CHUNK, options);
    // Both unmask in the chunk's own memory, so each round needs the bytes again. They are copied to the same memory:
    // new memory would be garbage-collected during some round.
    const copies = chunks.map((chunk) => Buffer.from(chunk));
    const contestant = (source: MessageSource): Contestant => ({
      prepare: () => chunks.forEach((chunk, i) => void chunk.copy(copies[i] as Buffer)),
      run: () => {
        const before = source.count;
        for (const copy of copies) source.feed(copy);
        const decoded = source.count - before;
        // The wire contains whole frames only.
        if (decoded !== messages) throw new Error(`${id}: ${decoded} messages of ${messages}`);
      },
    });
    rows.push(
      await compareRounds(
        { id, unit: 'messages/s', peerName: 'ws', units: messages, rounds },
        contestant(await winwireServer()),
        contestant(wsReceiver()),
      ),
    );
  }
  return rows;
}

function randomOf(...sizes: number[]): Buffer[] {
  return sizes.map((size) => randomBytes(size));
}

/** Returns the longest start of the text with at most this many bytes, padded with ASCII. */
function textOf(size: number): Buffer {
  let text = TEXT.repeat(Math.ceil(size / TEXT.length));
  while (Buffer.byteLength(text) > size) text = text.slice(0, -1);
  return Buffer.from(text.padEnd(text.length + size - Buffer.byteLength(text), '.'));
}
