// steady-memory: the memory of a connection's process after ten million messages, compared with one million.
import { randomBytes } from 'node:crypto';
import { type Row, rowOf } from '../lib/rounds.ts';
import { winwireServer, wire } from './in-memory.ts';

const MILLION = 1_000_000;

export async function steadyMemoryRow(): Promise<Row> {
  const { chunks, messages } = wire([randomBytes(64)], 65_536, { total: 4 << 20 });
  const source = await winwireServer();
  const receive = (count: number) => {
    for (let received = 0; received < count; received += messages) {
      for (const chunk of chunks) source.feed(Buffer.from(chunk));
    }
  };
  const rss = () => {
    (globalThis as { gc?: () => void }).gc?.();
    return process.memoryUsage.rss();
  };
  receive(MILLION);
  const early = rss();
  receive(9 * MILLION);
  const late = rss();
  const row = rowOf({ id: 'steady-memory', unit: 'bytes', peerName: 'winwire after 1 million' }, [
    { ours: 1 / late, peer: 1 / early },
  ]);
  return { ...row, ours: late, peer: early };
}
