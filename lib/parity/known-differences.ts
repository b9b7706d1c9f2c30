/** Known differences between providers. */
import type { StepPair } from './compare.ts';
import type { Component, Subject } from './subject.ts';
import { fieldText } from './value-text.ts';

/** A known difference, which is listed and does not fail a comparison. */
export interface KnownDifference {
  /** The scenario; `*` for any. */
  readonly scenario: string;
  /** The provider, named as in `backends()`, or the name of a subject. */
  readonly provider: string;
  /** What the provider does instead, and how that is known. */
  readonly reason: string;
  /** The names of the steps: functions, members, events, request lines, `end`; `*` for any. */
  readonly steps: readonly string[];
  /** Only these values, as the report prints them: `outcome.code: A ≠ B`. Default: all. */
  readonly values?: readonly string[];
  /** `order`: the same values in another order. */
  readonly only?: 'order';
  /** The major version of the provider that no longer has the difference. */
  readonly goneIn?: number;
}

/** Returns the rows for a scenario between two subjects: those of one that are not those of the other. */
export function rowsFor(
  rows: readonly KnownDifference[],
  scenario: { readonly id: string; readonly component: Component },
  left: Subject,
  right: Subject,
): KnownDifference[] {
  const has = (row: KnownDifference, { name, providers }: Subject) => {
    const { provider, version } = providers[scenario.component];
    return [name, provider].includes(row.provider) && !isGone(row.goneIn, version);
  };
  return rows.filter(
    (row) =>
      (row.scenario === scenario.id || row.scenario === '*') &&
      [left, right].filter((subject) => has(row, subject)).length === 1,
  );
}

/** Whether a version such as `10.0` is this major version or a later one. */
function isGone(goneIn: number | undefined, version: string | undefined): boolean {
  return goneIn !== undefined && Number.parseInt(version ?? '', 10) >= goneIn;
}

/** Returns whether a row explains why two steps differ. */
export function explains(row: KnownDifference, pair: StepPair): boolean {
  if (row.only === 'order' && !differsInOrderOnly(pair)) return false;
  if (row.values !== undefined && !pair.differences.every((one) => row.values?.includes(fieldText(one)))) return false;
  if (row.steps.includes('*')) return true;
  return [pair.left, pair.right].some((step) => step !== undefined && row.steps.includes(step.name));
}

function differsInOrderOnly({ left, right, differences }: StepPair): boolean {
  if (left === undefined || right === undefined) return false;
  const valuesOf = (side: 'left' | 'right') => differences.map((difference) => String(difference[side])).sort();
  const [lefts, rights] = [valuesOf('left'), valuesOf('right')];
  return differences.every(({ path }) => /\.\d+$/.test(path)) && lefts.every((value, i) => value === rights[i]);
}
