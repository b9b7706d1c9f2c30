/** Two traces of one scenario, step by step. */
import { isDeepStrictEqual } from 'node:util';
import type { Trace, TraceStep } from './trace.ts';
import { compared } from './trace-recorder.ts';

/** One value in which two steps differ. */
export interface FieldDifference {
  /** `outcome.value.buffers.0`, `args.headers.2`. */
  readonly path: string;
  readonly left: unknown;
  readonly right: unknown;
}

/** Two steps that correspond to each other, or one that has no counterpart. */
export interface StepPair {
  readonly left?: TraceStep;
  readonly right?: TraceStep;
  /** Empty where the two are equal. */
  readonly differences: readonly FieldDifference[];
}

/** More cells than this are not worth a table: steps are paired by their place then. */
const MAX_CELLS = 4_000_000;

/** Pairs the steps of two traces: equal calls belong together, in their order. */
export function compareTraces(left: Trace, right: Trace): StepPair[] {
  const [a, b] = [left.steps, right.steps];
  const start = commonStart(a, b);
  const pairs = a.slice(0, start).map((step, index) => pairOf(step, b[index]));
  return [...pairs, ...align(a.slice(start), b.slice(start))];
}

/** Whether two steps are the same call of the same thing, however it ended. */
function corresponds(a: TraceStep | undefined, b: TraceStep | undefined): boolean {
  return a !== undefined && b !== undefined && a.kind === b.kind && a.actor === b.actor && a.name === b.name;
}

function commonStart(a: readonly TraceStep[], b: readonly TraceStep[]): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) if (!corresponds(a[index], b[index])) return index;
  return length;
}

/** By the longest common subsequence, so that one step more on one side does not spoil all that follow. */
function align(a: readonly TraceStep[], b: readonly TraceStep[]): StepPair[] {
  if (a.length * b.length > MAX_CELLS) {
    const length = Math.max(a.length, b.length);
    return Array.from({ length }, (_, index) => pairOf(a[index], b[index]));
  }
  const common = commonLengths(a, b);
  const at = (i: number, j: number) => common[i * (b.length + 1) + j] as number;
  const pairs: StepPair[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (corresponds(a[i], b[j])) pairs.push(pairOf(a[i++], b[j++]));
    else if (j >= b.length || (i < a.length && at(i + 1, j) >= at(i, j + 1))) pairs.push(pairOf(a[i++], undefined));
    else pairs.push(pairOf(undefined, b[j++]));
  }
  return pairs;
}

function commonLengths(a: readonly TraceStep[], b: readonly TraceStep[]): Uint32Array {
  const width = b.length + 1;
  const table = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const [diagonal, below, right] = [
        table[(i + 1) * width + j + 1],
        table[(i + 1) * width + j],
        table[i * width + j + 1],
      ];
      table[i * width + j] = corresponds(a[i], b[j])
        ? (diagonal as number) + 1
        : Math.max(below as number, right as number);
    }
  }
  return table;
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

/** The innermost values that differ. */
function differences(path: string, left: unknown, right: unknown): FieldDifference[] {
  if (isDeepStrictEqual(left, right)) return [];
  if (!isRecord(left) || !isRecord(right) || Array.isArray(left) !== Array.isArray(right)) {
    return [{ path, left, right }];
  }
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys].flatMap((key) => differences(`${path}.${key}`, left[key], right[key]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
