// decode-*: messages decoded from masked frames in chunks of 64 KiB, one callback a message.
import { randomBytes } from 'node:crypto';
import { type Contestant, compareRounds, type Row } from '../lib/rounds.ts';
import { type MessageSource, winwireServer, wire, wsReceiver } from './in-memory.ts';

const CHUNK = 65_536;
const TEXT = 'Grüße aus Köln, привет из Москвы, 東京からこんにちは. ';

const CASES = [
  { id: 'decode-16', size: 16, total: 4 << 20 },
  { id: 'decode-125', size: 125, total: 8 << 20 },
  { id: 'decode-1024', size: 1024, total: 16 << 20 },
  { id: 'decode-16384', size: 16_384, total: 32 << 20 },
  { id: 'decode-1048576', size: 1 << 20, total: 64 << 20 },
  { id: 'decode-text-125', size: 125, total: 8 << 20, isText: true },
];

export async function decodeRows(rounds: number): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { id, size, total, isText = false } of CASES) {
    const { chunks, messages } = wire(isText ? textOf(size) : randomBytes(size), isText, total, CHUNK);
    // Both unmask in the chunk's own memory, so each round needs the bytes again. They are put into the same memory: of
    // what is made anew for each, the collector would take its time in any round.
    const copies = chunks.map((chunk) => Buffer.from(chunk));
    const contestant = (source: MessageSource): Contestant => ({
      prepare: () => chunks.forEach((chunk, i) => void chunk.copy(copies[i] as Buffer)),
      run: () => {
        const before = source.count;
        for (const copy of copies) source.feed(copy);
        const decoded = source.count - before;
        // The last message of a round may have been cut: the wire holds whole frames only.
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

/** The longest beginning of the text that has at most so many bytes, filled up with ASCII. */
function textOf(size: number): Buffer {
  let text = TEXT.repeat(Math.ceil(size / TEXT.length));
  while (Buffer.byteLength(text) > size) text = text.slice(0, -1);
  return Buffer.from(text.padEnd(text.length + size - Buffer.byteLength(text), '.'));
}
