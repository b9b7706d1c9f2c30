/** The first difference of a scenario in words: the step, and both results. */
import { commonSubsequence } from '../common-subsequence.ts';
import type { StepPair } from '../compare.ts';
import { escapeMarkup } from '../render-data.ts';
import type { ParityReport, ScenarioResult } from '../report.ts';
import { pairTitle, stepText } from '../step-text.ts';
import type { TraceStep } from '../trace.ts';
import { fieldText } from '../value-text.ts';

/** Splits into words, bytes and separators. */
const tokensOf = (text: string) => text.match(/[\p{L}\p{N}_.:<>/-]+|\s+|./gu) ?? [];

/** Returns the left text with marks on what the other lacks. */
function marked(text: string, other: string): string {
  const tokens = tokensOf(text);
  const common = commonSubsequence(tokens, tokensOf(other), Object.is);
  if (common === undefined) return `<mark>${escapeMarkup(text)}</mark>`;
  const shared = new Set(common.map(([index]) => index));
  return tokens
    .map((token, index) => (shared.has(index) ? escapeMarkup(token) : `<mark>${escapeMarkup(token)}</mark>`))
    .join('')
    .replaceAll('</mark><mark>', '');
}

function side(name: string, kind: 'left' | 'right', step: TraceStep | undefined, other: TraceStep | undefined): string {
  const message = step?.outcome.status === 'failed' ? `<small>${escapeMarkup(step.outcome.message)}</small>` : '';
  const wire = (step?.wire ?? []).map((note) => `<small>${escapeMarkup(`${note.direction}: ${note.text}`)}</small>`);
  const text = marked(stepText(step), stepText(other));
  return `<div><h4 class="${kind}-name">${escapeMarkup(name)}</h4><code>${text}</code>${message}${wire.join('')}</div>`;
}

/** Lists the fields if the results are equal, or the arguments differ. */
function fields({ left, right, differences }: StepPair): string {
  if (left === undefined || right === undefined) return '';
  const hidden = differences.filter(({ path }) => path.startsWith('args') || stepText(left) === stepText(right));
  if (hidden.length === 0 || left.kind === 'request') return '';
  return `<ul class="fields">${hidden.map((one) => `<li>${escapeMarkup(fieldText(one))}</li>`).join('')}</ul>`;
}

/** Returns the card above the diagrams; empty without a difference. */
export function finding(result: ScenarioResult, { left, right }: ParityReport): string {
  const pair = result.first === undefined ? undefined : result.steps[result.first];
  if (pair === undefined) return '';
  const count = result.steps.filter(({ differences }) => differences.length > 0).length;
  const which = count === 1 ? 'The step that differs' : `First of ${count} steps that differ`;
  const place = `step ${(result.first as number) + 1} of ${result.steps.length}`;
  return (
    `<div class="finding"><p><b>${which}</b> ${place}: <code>${escapeMarkup(pairTitle(pair))}</code></p><div class="sides">` +
    `${side(left.name, 'left', pair.left, pair.right)}${side(right.name, 'right', pair.right, pair.left)}</div>${fields(pair)}</div>`
  );
}
