// Compares two implementations in turns in one process, so that a slow moment of the machine affects both.
import { collectYoung, here, quantile, type Row, summary } from './rows.ts';

export interface Contestants {
  ours: () => void;
  peer: () => void;
}

export interface CompareOptions {
  rounds: number;
  /** Number of units per call. */
  perCall: number;
}

/** Duration of one measurement of one round. */
const ROUND_NS = 2_000_000;
const WARM_UP_NS = 300_000_000;

export function compare(id: string, peerName: string, contestants: Contestants, options: CompareOptions): Row {
  const { ours, peer } = contestants;
  const calls = Math.min(callsIn(ours, WARM_UP_NS), callsIn(peer, WARM_UP_NS));
  const perRound = Math.max(1, Math.round((calls * ROUND_NS) / WARM_UP_NS));
  const rounds = Array.from({ length: options.rounds }, (_, i) => {
    // The order alternates: the second finds warmer caches, or a fuller heap.
    if (i % 2 === 0) return { ours: nsPerCall(ours, perRound), peer: nsPerCall(peer, perRound) };
    const second = nsPerCall(peer, perRound);
    return { ours: nsPerCall(ours, perRound), peer: second };
  });
  const nsPerUnit = (times: readonly number[]) => Math.round(quantile(times, 0.5) / options.perCall);
  return {
    id,
    unit: 'ns/message',
    ours: nsPerUnit(rounds.map((round) => round.ours)),
    peer: nsPerUnit(rounds.map((round) => round.peer)),
    peerName,
    ...summary(rounds.map((round) => round.peer / round.ours)),
    ...here,
  };
}

/** Calls for at least this long, and returns how many calls would take exactly this long. */
function callsIn(call: () => void, ns: number): number {
  const start = process.hrtime.bigint();
  for (let calls = 1; ; calls++) {
    call();
    const elapsed = Number(process.hrtime.bigint() - start);
    if (elapsed >= ns) return (calls * ns) / elapsed;
  }
}

function nsPerCall(call: () => void, calls: number): number {
  collectYoung();
  const start = process.hrtime.bigint();
  for (let i = 0; i < calls; i++) call();
  return Number(process.hrtime.bigint() - start) / calls;
}
