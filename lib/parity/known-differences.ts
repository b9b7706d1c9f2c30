/** What a provider is known to do otherwise than another. */
import type { StepPair } from './compare.ts';
import type { Component, Subject } from './subject.ts';
import { fieldText } from './value-text.ts';

/** A difference that is known, so that it is listed and fails nothing. */
export interface KnownDifference {
  /** The scenario in which it shows; `*` for any that has it. */
  readonly scenario: string;
  /** Whose it is, as `backends()` names it, or the name of a subject. */
  readonly provider: string;
  /** What is done instead, and how that is known. */
  readonly reason: string;
  /** The names of the steps in which it shows: functions, members, events, request lines, `end`; `*` for any. */
  readonly steps: readonly string[];
  /** Only these values, each as the report prints it: `outcome.code: A ≠ B`. All values without it. */
  readonly values?: readonly string[];
  /** `order`: the same values, in another order. */
  readonly only?: 'order';
  /** The major version of the provider from which on it is gone. */
  readonly goneIn?: number;
}

/** The rows that hold for a scenario between two subjects: those of the one that are not those of the other. */
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

/** Whether a version, as `10.0`, is that major version or a later one. */
function isGone(goneIn: number | undefined, version: string | undefined): boolean {
  return goneIn !== undefined && Number.parseInt(version ?? '', 10) >= goneIn;
}

/** Whether a row explains why two steps differ. */
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
