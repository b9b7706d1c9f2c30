/** Compares two traces of a scenario step by step. */
import { isDeepStrictEqual } from 'node:util';
import { commonSubsequence } from './common-subsequence.ts';
import type { Trace, TraceStep } from './trace.ts';
import { compared } from './trace-recorder.ts';

/** A value in which two steps differ. */
export interface FieldDifference {
  /** `outcome.value.buffers.0`, `args.headers.2`. */
  readonly path: string;
  readonly left: unknown;
  readonly right: unknown;
}

/** Two corresponding steps, or one without a counterpart. */
export interface StepPair {
  readonly left?: TraceStep;
  readonly right?: TraceStep;
  /** Empty if the steps are equal. */
  readonly differences: readonly FieldDifference[];
}

/**
 * Pairs the steps of two traces: equal calls correspond, in order, so that an additional step does not affect the
 * following ones.
 */
export function compareTraces(left: Trace, right: Trace): StepPair[] {
  const [a, b] = [left.steps, right.steps];
  const common = commonSubsequence(a, b, corresponds) ?? byPlace(a, b);
  const pairs: StepPair[] = [];
  let [i, j] = [0, 0];
  for (const [nextI, nextJ] of [...common, [a.length, b.length] as const]) {
    while (i < nextI) pairs.push(pairOf(a[i++], undefined));
    while (j < nextJ) pairs.push(pairOf(undefined, b[j++]));
    if (i < a.length && j < b.length) pairs.push(pairOf(a[i++], b[j++]));
  }
  return pairs;
}

/** Whether two steps are the same call, with any outcome. */
function corresponds(a: TraceStep, b: TraceStep): boolean {
  return a.kind === b.kind && a.actor === b.actor && a.name === b.name;
}

function byPlace(a: readonly TraceStep[], b: readonly TraceStep[]): [number, number][] {
  const places = Array.from({ length: Math.min(a.length, b.length) }, (_, index): [number, number] => [index, index]);
  return places.filter(([index]) => corresponds(a[index] as TraceStep, b[index] as TraceStep));
}

function pairOf(left: TraceStep | undefined, right: TraceStep | undefined): StepPair {
  if (left === undefined) return { ...(right ? { right } : {}), differences: [whole(left, right)] };
  if (right === undefined) return { left, differences: [whole(left, right)] };
  const fields = [
    ...differences('args', left.args, right.args),
    ...differences('outcome', compared(left.outcome), compared(right.outcome)),
  ];
  return { left, right, differences: fields };
}

function whole(left: TraceStep | undefined, right: TraceStep | undefined): FieldDifference {
  return { path: 'step', left: left?.name, right: right?.name };
}

/** Returns the innermost values that differ. */
function differences(path: string, left: unknown, right: unknown): FieldDifference[] {
  if (isDeepStrictEqual(left, right)) return [];
  if (!isRecord(left) || !isRecord(right) || Array.isArray(left) !== Array.isArray(right)) {
    return [{ path, left, right }];
  }
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  // Errors of events are compared like errors of calls.
  if (typeof left.hresult === 'number' && typeof right.hresult === 'number') keys.delete('message');
  return [...keys].flatMap((key) => differences(`${path}.${key}`, left[key], right[key]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
