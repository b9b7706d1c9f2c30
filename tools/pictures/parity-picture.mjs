// Draws a scenario of `winwire parity --json` in which two implementations differ: their calls side by side, the first
// difference marked.
import { line, svg, text, WIDTH } from './svg.mjs';

const COLUMNS = [24, WIDTH / 2 + 16];
const ROW = 24;
const TOP = 128;
/** Steps shown before and after the first difference. */
const AROUND = { before: 4, after: 3 };

/** Returns the drawn part of a report: the scenario and the steps around its first difference. */
export function excerpt({ left, right, results }) {
  const { id, title, steps } = results[0];
  const at = steps.findIndex(({ differences }) => differences.length > 0);
  const from = Math.max(0, at - AROUND.before);
  const shown = steps.slice(from, at + AROUND.after + 1);
  return { left: left.name, right: right.name, id, title, first: at, from, count: steps.length, steps: shown };
}

/** Draws a result of `excerpt`. */
export function parityPicture({ left, right, id, title, first, from, count, steps }) {
  const marked = steps[first - from];
  const height = TOP + (steps.length + 1) * ROW;
  return svg(`winwire parity: ${right} differs from ${left} in ${id}`, height, [
    text(24, 36, `${id}: step ${first + 1} of ${count} differs`, 'title'),
    text(
      24,
      60,
      `${title[0].toUpperCase()}${title.slice(1)}. Keys, masks and ports are removed from both traces.`,
      'dim',
    ),
    text(COLUMNS[0], 94, left, 'strong'),
    text(COLUMNS[1], 94, right, 'strong'),
    line('rule', 24, 104, WIDTH - 24, 104),
    ...steps.flatMap((step, i) => drawStep(step, i, steps.indexOf(marked))),
  ]);
}

function drawStep(step, i, at) {
  const y = TOP + (i > at ? i + 1 : i) * ROW;
  if (i !== at) return COLUMNS.map((x, side) => text(x, y, calledAs(side === 0 ? step.left : step.right), 'code-dim'));
  const box = `<rect class="mark" x="12" y="${y - 17}" width="${WIDTH - 24}" height="${2 * ROW}" rx="4"/>`;
  const words = COLUMNS.flatMap((x, side) => {
    const { name, actor, outcome } = side === 0 ? step.left : step.right;
    return [
      text(x, y, `${actor} ${name} → ${outcome.value.action}`, 'code'),
      text(x, y + 21, `  ${valuesOf(outcome.value.close)}`, side === 0 ? 'code' : 'bad'),
    ];
  });
  return [box, ...words];
}

function calledAs({ actor, name, outcome }) {
  const action = outcome.value?.action;
  return `${actor} ${name}${action === undefined ? '' : ` → ${action}`}`;
}

const valuesOf = (value) =>
  Object.entries(value)
    .map(([name, each]) => `${name} ${JSON.stringify(each)}`)
    .join(', ');
