/** Selects the steps of a scenario to draw: those that differ and their neighbours; the others are counted. */
import type { ScenarioResult } from '../report.ts';
import { outcomeText } from '../step-text.ts';
import type { TraceStep } from '../trace.ts';

/** A pair of steps, or a gap. */
export type Row =
  | {
      readonly kind: 'gap';
      readonly count: number;
      /** The number of different steps in the gap, beyond the maximum that is drawn. */
      readonly differing: number;
    }
  | {
      readonly kind: 'pair';
      /** Starts at 1. */
      readonly number: number;
      readonly left: TraceStep | undefined;
      readonly right: TraceStep | undefined;
      readonly differs: boolean;
      /** The first difference. */
      readonly first: boolean;
      /** Number of text lines of the longer step. */
      readonly lines: number;
    };

/** Shorter traces are drawn completely. */
const SHORT = 16;
const BEFORE = 4;
const AFTER = 2;
/** Maximum number of different steps that are drawn. */
const MAX_DIFFERENT = 12;

/** Returns the rows of a scenario's diagrams. */
export function rowsOf({ steps, first }: ScenarioResult): Row[] {
  const differing = steps.flatMap(({ differences }, index) => (differences.length > 0 ? [index] : []));
  const from = Math.max(0, differing.indexOf(first ?? -1));
  const centres = differing.slice(from, from + MAX_DIFFERENT);
  const isDrawn = (index: number) =>
    steps.length <= SHORT ||
    index < 2 ||
    index === steps.length - 1 ||
    (centres.length === 0 && index < SHORT - 2) ||
    centres.some((centre) => index >= centre - BEFORE && index <= centre + AFTER);
  const rows: Row[] = [];
  let gap = { count: 0, differing: 0 };
  for (const [index, { left, right, differences }] of steps.entries()) {
    const differs = differences.length > 0;
    if (!isDrawn(index)) {
      gap = { count: gap.count + 1, differing: gap.differing + (differs ? 1 : 0) };
      continue;
    }
    if (gap.count > 0) rows.push({ kind: 'gap', ...gap });
    gap = { count: 0, differing: 0 };
    const lines = Math.max(linesOf(left), linesOf(right));
    rows.push({ kind: 'pair', number: index + 1, left, right, differs, first: index === first, lines });
  }
  return rows;
}

/** The call, its bytes on the network, its result. */
function linesOf(step: TraceStep | undefined): number {
  return step === undefined ? 1 : 1 + (step.wire?.length ?? 0) + (resultText(step) === '' ? 0 : 1);
}

/** Returns the result of a step in words; may be empty. */
export function resultText(step: TraceStep): string {
  return step.kind === 'request' ? '' : outcomeText(step.outcome);
}
