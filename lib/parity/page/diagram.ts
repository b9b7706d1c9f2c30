/**
 * The sequence diagram of a scenario with one subject: an SVG of variable width whose rows have the same heights as the
 * other subject's.
 */
import { escapeMarkup } from '../render-data.ts';
import { callText } from '../step-text.ts';
import type { TraceStep } from '../trace.ts';
import { type Row, resultText } from './rows.ts';

/** Horizontal positions in percent of the width. */
const SCRIPT = 7;
const NETWORK = 96;

const HEAD_HEIGHT = 40;
const LINE_HEIGHT = 22;
const TEXT_HEIGHT = 18;
/** Offset of an arrow below the text of its line. */
const ARROW = 20;
const ROW_PADDING = 12;
/** Height of the line that marks the first difference. */
const FLAG_HEIGHT = 20;
const GAP_HEIGHT = 30;

type Side = 'left' | 'right';
type Lifelines = ReadonlyMap<string, number>;

/** `client 2` uses the lifeline of `client`. */
const roleOf = (actor: string) => actor.replace(/ \d+$/, '');

function heightOf(row: Row): number {
  if (row.kind === 'gap') return GAP_HEIGHT;
  return row.lines * LINE_HEIGHT + ROW_PADDING + (row.first ? FLAG_HEIGHT : 0);
}

/** Returns the positions of the lifelines: the script, one for each role, and the network. */
function lifelinesOf(rows: readonly Row[]): Lifelines {
  const roles = new Set<string>();
  let server = false;
  for (const row of rows) {
    if (row.kind === 'gap') continue;
    for (const step of [row.left, row.right]) {
      if (step === undefined || step.actor === 'script') continue;
      if (step.actor === 'http server') server = true;
      else roles.add(roleOf(step.actor));
    }
  }
  const names = [...roles];
  const spread = names.length === 1 ? [58] : names.length === 2 ? [46, 72] : [40, 58, 76];
  const places = names.map((name, index) => [name, spread[Math.min(index, 2)] as number] as const);
  const far = server ? 'http server' : 'network';
  return new Map([['script', SCRIPT], ...places, [far, NETWORK]]);
}

function arrow(from: number, to: number, y: number, kind: string): string {
  const direction = to > from ? 1 : -1;
  // The head is drawn without a marker, whose id would have to be unique in the page.
  return (
    `<g class="arrow ${kind}"><line x1="${from}%" y1="${y}" x2="${to}%" y2="${y}"/>` +
    `<svg x="${to}%" y="${y}" width="1" height="1"><path d="M0 0l${-7 * direction} -4v8z"/></svg></g>`
  );
}

/** A line of text, cut with "…" if it is too long; the tooltip contains all of it. */
function text(y: number, kind: string, content: string, from = SCRIPT, to = NETWORK): string {
  const safe = escapeMarkup(content);
  return (
    `<foreignObject x="${from}%" y="${y}" width="${to - from}%" height="${TEXT_HEIGHT}">` +
    `<div class="line ${kind}" title="${safe}"><span>${safe}</span></div></foreignObject>`
  );
}

function gapWords({ count, differing }: Row & { kind: 'gap' }): string {
  const steps = `step${count === 1 ? '' : 's'} not drawn`;
  if (differing === 0) return `${count} equal ${steps}`;
  return differing === count
    ? `${count} more ${steps} that differ${count === 1 ? 's' : ''}`
    : `${count} ${steps}, ${differing} of which differ`;
}

function gapRow(row: Row & { kind: 'gap' }, y: number): string {
  return (
    `<g class="gap"><line x1="0" x2="100%" y1="${y + GAP_HEIGHT / 2}" y2="${y + GAP_HEIGHT / 2}"/>` +
    `${text(y + 6, 'centre', gapWords(row), 0, 100)}</g>`
  );
}

function missingRow(y: number, height: number): string {
  return (
    `<g class="missing"><rect x="${SCRIPT}%" width="${NETWORK - SCRIPT}%" y="${y + 4}" height="${height - 8}" rx="4"/>` +
    `${text(y + (height - TEXT_HEIGHT) / 2, 'centre', 'no such step')}</g>`
  );
}

function stepRow(step: TraceStep, y: number, lifelines: Lifelines): string {
  const place = lifelines.get(roleOf(step.actor)) ?? SCRIPT;
  const request = step.kind === 'request';
  const numbered = step.actor !== roleOf(step.actor) ? `${step.actor}: ` : '';
  let line = y + 4;
  const parts: string[] = [];
  const next = () => {
    line += LINE_HEIGHT;
  };
  if (!request) {
    parts.push(text(line, step.kind, `${numbered}${callText(step)}`));
    if (step.kind === 'call') parts.push(arrow(SCRIPT, place, line + ARROW, 'call'));
    if (step.kind === 'event') parts.push(arrow(place, SCRIPT, line + ARROW, 'event'));
    next();
  }
  const near = request ? (lifelines.get('request') ?? SCRIPT) : place;
  for (const note of step.wire ?? []) {
    const [from, to] = note.direction === 'out' ? [near, NETWORK] : [NETWORK, near];
    parts.push(text(line, 'wire', note.text), arrow(from, to, line + ARROW, 'wire'));
    next();
  }
  const result = resultText(step);
  if (result !== '') {
    const failed = step.outcome.status === 'failed' ? 'failure' : 'result';
    parts.push(text(line, failed, result));
    if (step.kind === 'call') parts.push(arrow(place, SCRIPT, line + ARROW, failed));
  }
  return parts.join('');
}

function pairRow(row: Row & { kind: 'pair' }, side: Side, y: number, lifelines: Lifelines): string {
  const height = heightOf(row);
  const step = row[side];
  const kind = row.first ? 'first' : 'differs';
  const band = row.differs ? `<rect class="band ${kind}" x="0" width="100%" y="${y}" height="${height}"/>` : '';
  const edge = row.differs ? `<rect class="edge ${kind}" x="0" width="3" y="${y}" height="${height}"/>` : '';
  const top = row.first ? y + FLAG_HEIGHT : y;
  const flag = row.first ? text(y + 4, 'flag', 'First difference') : '';
  const number = `<text class="number" x="${SCRIPT - 1.2}%" y="${top + 17}" text-anchor="end">${row.number}</text>`;
  const content = step === undefined ? missingRow(top, height - (top - y)) : stepRow(step, top, lifelines);
  return `<g class="row${row.differs ? ' differing' : ''}" data-step="${row.number}">${band}${edge}${flag}${number}${content}</g>`;
}

function heads(lifelines: Lifelines, total: number): string {
  return [...lifelines]
    .map(([name, place]) => {
      const anchor = name === 'script' ? 'start' : place === NETWORK ? 'end' : 'middle';
      const x = name === 'script' ? 0.5 : place === NETWORK ? 99.5 : place;
      return (
        `<line class="life" x1="${place}%" x2="${place}%" y1="26" y2="${total - 4}"/>` +
        `<text class="head" x="${x}%" y="18" text-anchor="${anchor}">${escapeMarkup(name)}</text>`
      );
    })
    .join('');
}

/** Returns the diagram of one side. */
export function diagram(rows: readonly Row[], side: Side, title: string): string {
  const lifelines = lifelinesOf(rows);
  const parts: string[] = [];
  let y = HEAD_HEIGHT;
  for (const row of rows) {
    parts.push(row.kind === 'gap' ? gapRow(row, y) : pairRow(row, side, y, lifelines));
    y += heightOf(row);
  }
  const total = y + 10;
  const safe = escapeMarkup(title);
  return `<svg class="diagram" role="img" aria-label="${safe}" width="100%" height="${total}">${heads(lifelines, total)}${parts.join('')}</svg>`;
}
