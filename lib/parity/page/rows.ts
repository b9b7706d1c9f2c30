/** Which steps of a scenario are drawn: those that differ and their neighbours; the others are counted. */
import type { ScenarioResult } from '../report.ts';
import { outcomeText } from '../step-text.ts';
import type { TraceStep } from '../trace.ts';

/** A pair of steps that is drawn, or a gap. */
export type Row =
  | {
      readonly kind: 'gap';
      readonly count: number;
      /** Those of them that differ all the same: beyond so many no further one is drawn. */
      readonly differing: number;
    }
  | {
      readonly kind: 'pair';
      /** From 1. */
      readonly number: number;
      readonly left: TraceStep | undefined;
      readonly right: TraceStep | undefined;
      readonly differs: boolean;
      /** The one to look at first. */
      readonly first: boolean;
      /** Lines of text that the longer of the two needs. */
      readonly lines: number;
    };

/** Fewer steps than this are all drawn. */
const SHORT = 16;
const BEFORE = 4;
const AFTER = 2;
/** Steps that differ and are drawn; a trace that has gone another way altogether is not drawn to its end. */
const MAX_DIFFERENT = 12;

/** The rows of a scenario's diagrams. */
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

/** The call, what crossed the network, what came of it. */
function linesOf(step: TraceStep | undefined): number {
  return step === undefined ? 1 : 1 + (step.wire?.length ?? 0) + (resultText(step) === '' ? 0 : 1);
}

/** What came of a step, in words; empty where there is nothing to say. */
export function resultText(step: TraceStep): string {
  return step.kind === 'request' ? '' : outcomeText(step.outcome);
}
