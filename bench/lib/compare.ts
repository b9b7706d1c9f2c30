// Two ways of doing the same, measured in turns in one process, so that a slow moment of the machine hits both.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** One line of build/bench.json. */
export interface Row {
  id: string;
  unit: string;
  /** Medians of the rounds. */
  ours: number;
  peer: number;
  peerName: string;
  /** Median over the rounds of peer / ours: above 1, ours is the faster one. */
  ratio: number;
  /** Distance between the quartiles of that ratio, as a part of it. */
  spread: number;
  platform: string;
  node: string;
}

export interface Contestants {
  ours: () => void;
  peer: () => void;
}

export interface CompareOptions {
  rounds: number;
  /** How many units one call does. */
  perCall: number;
}

/** How long one measurement of one round takes. */
const ROUND_NS = 2_000_000;
const WARM_UP_NS = 300_000_000;

export function compare(id: string, peerName: string, contestants: Contestants, options: CompareOptions): Row {
  const { ours, peer } = contestants;
  const calls = Math.min(callsIn(ours, WARM_UP_NS), callsIn(peer, WARM_UP_NS));
  const perRound = Math.max(1, Math.round((calls * ROUND_NS) / WARM_UP_NS));
  const rounds = Array.from({ length: options.rounds }, (_, i) => {
    // Who goes first alternates: the second finds warmer caches, or a fuller heap.
    if (i % 2 === 0) return { ours: nsPerCall(ours, perRound), peer: nsPerCall(peer, perRound) };
    const second = nsPerCall(peer, perRound);
    return { ours: nsPerCall(ours, perRound), peer: second };
  });
  const ratios = rounds.map((round) => round.peer / round.ours);
  const ratio = quantile(ratios, 0.5);
  return {
    id,
    unit: 'ns/message',
    ours: Math.round(
      quantile(
        rounds.map((round) => round.ours / options.perCall),
        0.5,
      ),
    ),
    peer: Math.round(
      quantile(
        rounds.map((round) => round.peer / options.perCall),
        0.5,
      ),
    ),
    peerName,
    ratio: rounded(ratio),
    spread: rounded((quantile(ratios, 0.75) - quantile(ratios, 0.25)) / ratio),
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
  };
}

/** Calls for at least that long, and says how many that would be in exactly that time. */
function callsIn(call: () => void, ns: number): number {
  const start = process.hrtime.bigint();
  for (let calls = 1; ; calls++) {
    call();
    const elapsed = Number(process.hrtime.bigint() - start);
    if (elapsed >= ns) return (calls * ns) / elapsed;
  }
}

function nsPerCall(call: () => void, calls: number): number {
  const start = process.hrtime.bigint();
  for (let i = 0; i < calls; i++) call();
  return Number(process.hrtime.bigint() - start) / calls;
}

function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * part;
  const [low, high] = [sorted[Math.floor(at)] ?? 0, sorted[Math.ceil(at)] ?? 0];
  return low + (high - low) * (at - Math.floor(at));
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** The rows as a table on the screen. */
export function printTable(rows: readonly Row[]): void {
  const table = rows.map((row) => [
    row.id,
    `${row.ours}`,
    `${row.peer}`,
    `${row.ratio.toFixed(2)}`,
    `${(row.spread * 100).toFixed(0)} %`,
  ]);
  const unit = rows[0]?.unit ?? '';
  const head = ['', `winwire (${unit})`, `${rows[0]?.peerName} (${unit})`, 'ratio', 'spread'];
  const widths = head.map((title, i) => Math.max(title.length, ...table.map((cells) => cells[i]?.length ?? 0)));
  for (const cells of [head, ...table]) {
    const padded = cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)));
    console.log(padded.join('   ').trimEnd());
  }
  console.log('\nratio: above 1, winwire is the faster one; spread: between the quartiles of the rounds');
}

/** Puts the rows into the results file, in place of older ones of the same id and platform. */
export function writeRows(file: string, rows: readonly Row[]): void {
  const keyOf = ({ id, platform }: Row) => `${id} ${platform}`;
  const keys = new Set(rows.map(keyOf));
  const kept = readRows(file).filter((row) => !keys.has(keyOf(row)));
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify([...kept, ...rows], null, 2)}\n`);
}

function readRows(file: string): Row[] {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Row[];
  } catch {
    return [];
  }
}
