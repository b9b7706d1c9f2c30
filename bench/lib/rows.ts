// The results of the benchmarks: the rows of build/bench.json, printed and merged.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';

/** One line of build/bench.json. */
export interface Row {
  id: string;
  /** Of `ours` and `peer`. */
  unit: string;
  /** Medians of the rounds. */
  ours: number;
  peer: number;
  peerName: string;
  /** Median over the rounds; above 1, winwire does better. */
  ratio: number;
  /** Distance between the quartiles of that ratio, relative to it. */
  spread: number;
  platform: string;
  processor: string;
  node: string;
}

/** The machine of a row. */
export const here: Pick<Row, 'platform' | 'processor' | 'node'> = {
  platform: `${process.platform} ${process.arch}`,
  processor: cpus()[0]?.model.trim() ?? 'unknown',
  node: process.versions.node,
};

/** Returns the value below which this part of all values lies, with interpolation. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * part;
  const [low, high] = [sorted[Math.floor(at)] ?? 0, sorted[Math.ceil(at)] ?? 0];
  return low + (high - low) * (at - Math.floor(at));
}

/** Rounds to four significant digits. */
export function significant(value: number): number {
  return Number(value.toPrecision(4));
}

/** Returns the median of the ratios and their spread. */
export function summary(ratios: readonly number[]): Pick<Row, 'ratio' | 'spread'> {
  const ratio = quantile(ratios, 0.5);
  return {
    ratio: significant(ratio),
    spread: significant((quantile(ratios, 0.75) - quantile(ratios, 0.25)) / ratio),
  };
}

/**
 * Collects young garbage, which would otherwise be collected during the next measurement. Requires `--expose-gc`, which
 * `npm run bench` sets.
 */
export function collectYoung(): void {
  (globalThis as { gc?: (options: { type: 'minor' }) => void }).gc?.({ type: 'minor' });
}

/** Prints the rows as a table. */
export function printTable(rows: readonly Row[]): void {
  const table = rows.map((row) => [
    row.id,
    `${row.ours}`,
    `${row.peer} (${row.peerName})`,
    row.unit,
    row.ratio.toFixed(2),
    `${(row.spread * 100).toFixed(0)} %`,
  ]);
  const head = ['', 'winwire', 'peer', 'unit', 'ratio', 'spread'];
  const widths = head.map((title, i) => Math.max(title.length, ...table.map((cells) => cells[i]?.length ?? 0)));
  for (const cells of [head, ...table]) {
    const padded = cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)));
    console.log(padded.join('   ').trimEnd());
  }
  console.log(`\nNode ${here.node}, ${here.platform}, ${here.processor}`);
  console.log('ratio: above 1, winwire does better; spread: between the quartiles of the rounds, above 0.2 uncertain');
}

/** Replaces the rows of the same id, platform and major version of Node in the results file; other rows stay. */
export function writeRows(file: string, rows: readonly Row[]): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(mergeRows(readRows(file), rows), null, 2)}\n`);
}

/** Returns the older rows without those that a newer one replaces, then the newer ones. */
export function mergeRows(older: readonly Row[], newer: readonly Row[]): Row[] {
  const keyOf = ({ id, platform, node }: Row) => `${id} ${platform} ${node.split('.')[0]}`;
  const replaced = new Set(newer.map(keyOf));
  return [...older.filter((row) => !replaced.has(keyOf(row))), ...newer];
}

function readRows(file: string): Row[] {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Row[];
  } catch {
    return [];
  }
}
