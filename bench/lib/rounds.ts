// Compares two implementations in turns, by the CPU time of this process.
import { collectYoung, here, quantile, type Row, significant, summary } from './rows.ts';

export type { Row } from './rows.ts';

export interface Contestant {
  /** Creates the input of one run; not measured. */
  prepare?: () => unknown;
  run: (prepared: unknown) => void | Promise<void>;
}

export interface Measured {
  id: string;
  unit: string;
  peerName: string;
  /** Number of units per run. */
  units: number;
  rounds: number;
}

/** Returns units per second of each, and the ratio to the peer: above 1, ours is faster. */
export async function compareRounds(what: Measured, ours: Contestant, peer: Contestant): Promise<Row> {
  for (let i = 0; i < Math.max(2, what.rounds / 4); i++) {
    await rateOf(ours, what.units);
    await rateOf(peer, what.units);
  }
  const results: { ours: number; peer: number }[] = [];
  for (let i = 0; i < what.rounds; i++) {
    // The order alternates: the second finds warmer caches, or a fuller heap.
    const first = i % 2 === 0 ? await rateOf(ours, what.units) : await rateOf(peer, what.units);
    const second = i % 2 === 0 ? await rateOf(peer, what.units) : await rateOf(ours, what.units);
    results.push(i % 2 === 0 ? { ours: first, peer: second } : { ours: second, peer: first });
  }
  return rowOf(what, results);
}

async function rateOf(contestant: Contestant, units: number): Promise<number> {
  const prepared = contestant.prepare?.();
  collectYoung();
  const start = microseconds();
  await contestant.run(prepared);
  return (units * 1e6) / Math.max(1, microseconds() - start);
}

/** CPU time of this process; on Windows, which counts it in ticks as long as a round, elapsed time. */
function microseconds(): number {
  if (process.platform === 'win32') return performance.now() * 1000;
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** Returns a row of rounds in which more is better. */
export function rowOf(
  what: Pick<Measured, 'id' | 'unit' | 'peerName'>,
  results: readonly { ours: number; peer: number }[],
): Row {
  const median = (values: readonly number[]) => significant(quantile(values, 0.5));
  return {
    id: what.id,
    unit: what.unit,
    ours: median(results.map((result) => result.ours)),
    peer: median(results.map((result) => result.peer)),
    peerName: what.peerName,
    ...summary(results.map((result) => result.ours / result.peer)),
    ...here,
  };
}
