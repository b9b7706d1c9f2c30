/** The report as text for a terminal. */
import pc from 'picocolors';
import { validateObject } from '../options.ts';
import type { FieldDifference, StepPair } from './compare.ts';
import {
  countsOf,
  type ParityReport,
  type ScenarioResult,
  type ScenarioVerdict,
  VERDICTS,
  verdictText,
} from './report.ts';
import { pairTitle, providersText, stepText } from './step-text.ts';
import type { TraceStep } from './trace.ts';
import { valueText } from './value-text.ts';

/** Options of {@link renderText}. */
export interface TextOptions {
  /** Uses ANSI colours; default false. */
  readonly color?: boolean;
  /** Columns of the terminal; longer lines are cut. Default 0: not cut. */
  readonly width?: number;
  /** Includes the equal scenarios. */
  readonly verbose?: boolean;
}

const TEXT_OPTIONS = { names: ['color', 'width', 'verbose'], instead: { colour: 'color', colors: 'color' } };

type Format = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

const MARKS: Readonly<Record<ScenarioVerdict, readonly [mark: string, format: Format]>> = {
  different: ['✗', 'red'],
  'known difference': ['≈', 'yellow'],
  equal: ['✓', 'green'],
  'not applicable': ['–', 'dim'],
};

/** Maximum number of different steps shown per scenario. */
const MAX_STEPS = 3;

/** Minimum number of columns for a text. */
const MIN_ROOM = 20;

class Writer {
  readonly lines: string[] = [];
  readonly #colors: ReturnType<typeof pc.createColors>;
  readonly #width: number;

  constructor({ color = false, width = 0 }: TextOptions) {
    this.#colors = pc.createColors(color);
    this.#width = width;
  }

  paint(format: Format, text: string): string {
    return this.#colors[format](text);
  }

  /** Writes a line of formatted parts, cut to the width before formatting. */
  line(...parts: readonly (string | Painted)[]): void {
    let left = this.#width === 0 ? Number.POSITIVE_INFINITY : this.#width;
    const painted = parts.map((part) => {
      const [format, raw] = typeof part === 'string' ? [undefined, part] : part;
      const text = raw.replaceAll(/\p{Cc}/gu, '\ufffd');
      const cut = text.length > left ? `${text.slice(0, Math.max(0, left - 1))}…` : text;
      left = Math.max(0, left - cut.length);
      return format === undefined || cut === '' ? cut : this.paint(format, cut);
    });
    this.lines.push(painted.join(''));
  }

  /** Writes a text wrapped between words. */
  wrapped([format, mark]: Painted, text: string | Painted): void {
    const [own, words] = typeof text === 'string' ? [undefined, text] : text;
    const room = this.#width === 0 ? Number.POSITIVE_INFINITY : Math.max(MIN_ROOM, this.#width - mark.length);
    const lines = [''];
    for (const word of words.split(' ')) {
      const last = lines.at(-1) as string;
      if (last !== '' && last.length + 1 + word.length > room) lines.push(word);
      else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
    }
    for (const [index, line] of lines.entries()) {
      this.line([format, index === 0 ? mark : ' '.repeat(mark.length)], own === undefined ? line : [own, line]);
    }
  }

  /** Writes parts on one line, or on separate lines if they do not fit. */
  sum(parts: readonly Painted[]): void {
    const length = parts.reduce((total, [, text]) => total + text.length + 3, -3);
    const fits = this.#width === 0 || length <= this.#width;
    const painted = parts.map(([format, text]) => this.paint(format, text));
    this.lines.push(...(fits ? [painted.join('   ')] : painted));
  }
}

type Painted = readonly [format: Format, text: string];

/** Returns the report as lines: differences first, the totals last. */
export function renderText(report: ParityReport, options: TextOptions = {}): string {
  validateObject(options, 'options', TEXT_OPTIONS);
  const writer = new Writer(options);
  heading(writer, report);
  for (const verdict of VERDICTS) {
    const quiet = verdict === 'equal' || verdict === 'not applicable';
    if (quiet && options.verbose !== true) continue;
    for (const result of report.results) if (result.verdict === verdict) scenario(writer, report, result);
  }
  if (options.verbose !== true) notAsked(writer, report);
  sum(writer, report);
  return `${writer.lines.join('\n')}\n`;
}

function heading(writer: Writer, report: ParityReport): void {
  const { left, right, results, platform, node, winwire } = report;
  const width = Math.max(left.name.length, right.name.length);
  writer.line(['bold', 'winwire parity'], ['dim', `  ${winwire}, ${platform}, Node ${node}`]);
  for (const subject of [left, right]) {
    writer.line('  ', ['cyan', subject.name.padEnd(width)], `  ${providersText(subject, results)}`);
  }
  for (const note of report.notes) writer.wrapped(['yellow', '! '], note);
  writer.line('');
}

/** Lists scenarios that could not be run, by reason. */
function notAsked(writer: Writer, { results }: ParityReport): void {
  const reasons = new Map<string, number>();
  for (const { verdict, reason = '' } of results) {
    if (verdict === 'not applicable') reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  for (const [reason, count] of reasons) {
    const scenarios = `${count} scenario${count === 1 ? '' : 's'}`;
    writer.wrapped(['dim', '– '], ['dim', `${scenarios} not applicable: ${reason}`]);
  }
  if (reasons.size > 0) writer.line('');
}

function scenario(writer: Writer, report: ParityReport, result: ScenarioResult): void {
  const [mark, format] = MARKS[result.verdict];
  writer.line([format, `${mark} `], ['bold', result.id], ['dim', `  ${result.title}`]);
  if (result.reason !== undefined) writer.wrapped(['dim', '    '], ['dim', result.reason]);
  if (result.verdict === 'equal' || result.verdict === 'not applicable') return;
  const differing = result.steps
    .map((pair, index) => ({ pair, index }))
    .filter(({ pair }) => pair.differences.length > 0);
  const from = differing.findIndex(({ index }) => index === result.first);
  const shown = differing.slice(Math.max(0, from), Math.max(0, from) + MAX_STEPS);
  for (const { pair, index } of shown) step(writer, report, pair, index, result.steps.length);
  const more = differing.length - shown.length;
  if (more > 0)
    writer.line(['dim', `    and ${more} more step${more === 1 ? '' : 's'} that differ${more === 1 ? 's' : ''}`]);
  writer.line('');
}

function step(writer: Writer, { left, right }: ParityReport, pair: StepPair, index: number, total: number): void {
  const width = Math.max(left.name.length, right.name.length);
  writer.line(['dim', `    step ${index + 1} of ${total}  `], begun(pairTitle(pair)));
  const [a, b] = shortened(stepText(pair.left), stepText(pair.right));
  writer.line('      ', ['red', left.name.padEnd(width)], `  ${a}`);
  for (const note of notesOf(pair.left)) writer.line(['dim', `      ${' '.repeat(width)}  ${note}`]);
  writer.line('      ', ['green', right.name.padEnd(width)], `  ${b}`);
  for (const note of notesOf(pair.right)) writer.line(['dim', `      ${' '.repeat(width)}  ${note}`]);
  if (pair.left === undefined || pair.right === undefined) return;
  // If the outcomes are equal, the arguments or a detail differ.
  for (const difference of pair.differences) {
    if (a === b || difference.path.startsWith('args')) writer.line(['dim', `      ${fieldLine(difference)}`]);
  }
}

const notesOf = (step: TraceStep | undefined) => (step?.wire ?? []).map(({ text }) => text);

/** Number of characters shown before the first different one, and after it. */
const BEFORE = 60;
const AFTER = 100;

/** Cuts a long text. */
const begun = (text: string) => (text.length > BEFORE + AFTER ? `${text.slice(0, BEFORE + AFTER)} …` : text);

function fieldLine({ path, left, right }: FieldDifference): string {
  const [a, b] = shortened(valueText(left), valueText(right));
  return `${path}: ${a} ≠ ${b}`;
}

function shortened(left: string, right: string): [string, string] {
  if (left === right) return [left, right];
  let start = 0;
  while (start < left.length && left[start] === right[start]) start += 1;
  const from = start > BEFORE ? start - BEFORE / 2 : 0;
  const cut = (text: string) => {
    const head = from > 0 ? `${text.slice(0, BEFORE / 2)} … ` : '';
    const more = text.length > start + AFTER ? ' …' : '';
    return `${head}${text.slice(from, start + AFTER)}${more}`;
  };
  return [cut(left), cut(right)];
}

function sum(writer: Writer, report: ParityReport): void {
  const counts = countsOf(report);
  const parts = VERDICTS.filter((verdict) => counts[verdict] > 0).map((verdict) => {
    const [mark, format] = MARKS[verdict];
    return [format, `${mark} ${counts[verdict]} ${verdictText(verdict, counts[verdict])}`] as const;
  });
  writer.sum(parts.length > 0 ? parts : [['dim', 'no scenario']]);
}
