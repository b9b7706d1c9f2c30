/** The first difference of a scenario in words: the step, and what each subject made of it. */
import type { StepPair } from '../compare.ts';
import { escapeMarkup } from '../render-data.ts';
import type { ParityReport, ScenarioResult } from '../report.ts';
import { fieldText, pairTitle, stepText } from '../step-text.ts';
import type { TraceStep } from '../trace.ts';

/** Words, bytes and the marks between them. */
const tokensOf = (text: string) => text.match(/[\p{L}\p{N}_.:<>/-]+|\s+|./gu) ?? [];

/** Longer texts are marked as a whole. */
const MAX_TOKENS = 1500;

/** Of two texts the left one; what the other has not is marked. */
function marked(text: string, other: string): string {
  if (text === other) return escapeMarkup(text);
  const [a, b] = [tokensOf(text), tokensOf(other)];
  if (a.length > MAX_TOKENS || b.length > MAX_TOKENS) return `<mark>${escapeMarkup(text)}</mark>`;
  const common = commonTokens(a, b);
  const html = a.map((token, index) =>
    common.has(index) ? escapeMarkup(token) : `<mark>${escapeMarkup(token)}</mark>`,
  );
  return html.join('').replaceAll('</mark><mark>', '');
}

/** Which tokens of `a` belong to the longest subsequence that it shares with `b`. */
function commonTokens(a: readonly string[], b: readonly string[]): Set<number> {
  const width = b.length + 1;
  const lengths = new Uint16Array((a.length + 1) * width);
  const at = (i: number, j: number) => lengths[i * width + j] as number;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      lengths[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const common = new Set<number>();
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) {
      common.add(i);
      i += 1;
      j += 1;
    } else if (at(i + 1, j) >= at(i, j + 1)) i += 1;
    else j += 1;
  }
  return common;
}

function side(name: string, kind: 'left' | 'right', step: TraceStep | undefined, other: TraceStep | undefined): string {
  const message = step?.outcome.status === 'failed' ? `<small>${escapeMarkup(step.outcome.message)}</small>` : '';
  const wire = (step?.wire ?? []).map((note) => `<small>${escapeMarkup(`${note.direction}: ${note.text}`)}</small>`);
  const text = marked(stepText(step), stepText(other));
  return `<div><h4 class="${kind}-name">${escapeMarkup(name)}</h4><code>${text}</code>${message}${wire.join('')}</div>`;
}

/** Where the results are alike, or the arguments differ, the fields themselves have to be told. */
function fields({ left, right, differences }: StepPair): string {
  if (left === undefined || right === undefined) return '';
  const hidden = differences.filter(({ path }) => path.startsWith('args') || stepText(left) === stepText(right));
  if (hidden.length === 0 || left.kind === 'request') return '';
  return `<ul class="fields">${hidden.map((one) => `<li>${escapeMarkup(fieldText(one))}</li>`).join('')}</ul>`;
}

/** The card above the diagrams; empty where nothing differs. */
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
