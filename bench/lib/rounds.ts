// Two ways of doing the same, measured in turns, each by the time that it takes of this process.
import type { Row } from './compare.ts';

export type { Row } from './compare.ts';

export interface Contestant {
  /** Makes what one run uses up; not measured. */
  prepare?: () => unknown;
  run: (prepared: unknown) => void | Promise<void>;
}

export interface Measured {
  id: string;
  unit: string;
  peerName: string;
  /** What one run does, in units. */
  units: number;
  rounds: number;
}

/** Units a second of each, and ours over the peer's: above 1, ours is the faster one. */
export async function compareRounds(what: Measured, ours: Contestant, peer: Contestant): Promise<Row> {
  for (let i = 0; i < Math.max(2, what.rounds / 4); i++) {
    await rateOf(ours, what.units);
    await rateOf(peer, what.units);
  }
  const results: { ours: number; peer: number }[] = [];
  for (let i = 0; i < what.rounds; i++) {
    // Who goes first alternates: the second finds warmer caches, or a fuller heap.
    const first = i % 2 === 0 ? await rateOf(ours, what.units) : await rateOf(peer, what.units);
    const second = i % 2 === 0 ? await rateOf(peer, what.units) : await rateOf(ours, what.units);
    results.push(i % 2 === 0 ? { ours: first, peer: second } : { ours: second, peer: first });
  }
  return rowOf(what, results);
}

async function rateOf(contestant: Contestant, units: number): Promise<number> {
  const prepared = contestant.prepare?.();
  const start = microseconds();
  await contestant.run(prepared);
  return (units * 1e6) / Math.max(1, microseconds() - start);
}

/** CPU time of this process; on Windows, which counts it in ticks as long as a round, the clock on the wall. */
function microseconds(): number {
  if (process.platform === 'win32') return performance.now() * 1000;
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** A row from rounds in which more is better. */
export function rowOf(
  what: Pick<Measured, 'id' | 'unit' | 'peerName'>,
  results: readonly { ours: number; peer: number }[],
): Row {
  const ratios = results.map((result) => result.ours / result.peer);
  const ratio = quantile(ratios, 0.5);
  return {
    id: what.id,
    unit: what.unit,
    ours: significant(
      quantile(
        results.map((result) => result.ours),
        0.5,
      ),
    ),
    peer: significant(
      quantile(
        results.map((result) => result.peer),
        0.5,
      ),
    ),
    peerName: what.peerName,
    ratio: significant(ratio),
    spread: significant((quantile(ratios, 0.75) - quantile(ratios, 0.25)) / ratio),
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
  };
}

export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * part;
  const [low, high] = [sorted[Math.floor(at)] ?? 0, sorted[Math.ceil(at)] ?? 0];
  return low + (high - low) * (at - Math.floor(at));
}

function significant(value: number): number {
  return Number(value.toPrecision(4));
}
