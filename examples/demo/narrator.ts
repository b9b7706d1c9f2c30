// Prints the demo as text: the client on the left, the server on the right, the network between them.
import pc from 'picocolors';
import type { ChapterEvent, ClosedEvent, DemoEvent, StartEvent, SummaryEvent } from './events.ts';
import type { ActEvent, ProgressEvent } from './http-events.ts';
import type { Side } from './recorder.ts';
import { type Row, rowsOf, sizeOf } from './rows.ts';
import { widthOf, wrap } from './text-layout.ts';

interface NarratorOptions {
  /** Characters per line; below 80 the columns become one list. */
  width: number;
  colors: boolean;
}

/** Width of a progress bar. */
const BAR = 24;

type Paint = (text: string) => string;

export class Narrator {
  readonly #print: (line: string) => void;
  readonly #width: number;
  readonly #colors: ReturnType<typeof pc.createColors>;
  readonly #lane: number;
  readonly #wire: number;
  #view: ChapterEvent['view'] = 'actions';
  /** In the view `totals`: the rows so far, by their text. */
  #totals = new Map<string, Row & { count: number }>();

  constructor(print: (line: string) => void, options: NarratorOptions) {
    this.#print = print;
    this.#width = Math.min(Math.max(options.width, 40), 100);
    this.#colors = pc.createColors(options.colors);
    this.#wire = this.#width >= 96 ? 16 : 14;
    this.#lane = Math.floor((this.#width - this.#wire - 4) / 2);
  }

  tell(event: DemoEvent): void {
    if (event.event === 'call') {
      for (const row of rowsOf(event, this.#view)) this.#show(row);
      return;
    }
    this.#printTotals();
    if (event.event === 'http') {
      const { side, kind, what, details } = event;
      this.#printRow({ side, kind, head: what, details });
    } else if (event.event === 'progress') this.#printProgress(event);
    else if (event.event === 'act') this.#printAct(event);
    else if (event.event === 'scene') this.#printChapter({ ...event, view: 'actions' });
    else if (event.event === 'start') this.#printStart(event);
    else if (event.event === 'chapter') this.#printChapter(event);
    else if (event.event === 'closed') this.#printClosed(event);
    else if (event.event === 'check') this.#printCheck(event.what, event.ok);
    else this.#printSummary(event);
  }

  #printStart({ backend, provider, file, version, node, platform }: StartEvent): void {
    const { bold, dim, cyan, magenta } = this.#colors;
    const engine = [provider, version, file].filter((word) => word !== '' && word !== backend).join(', ');
    for (const line of wrap('Two WebSocket endpoints on the 13 functions of websocket.dll', this.#width))
      this.#print(bold(line));
    this.#wrapped(`backend ${backend}${engine ? ` (${engine})` : ''}, Node.js ${node} on ${platform}`, dim);
    if (!this.#hasLanes) return;
    this.#print('');
    this.#print(this.#line(cyan('CLIENT'), 6, ' '.repeat(this.#wire), magenta('SERVER')));
  }

  #printAct({ title, text }: ActEvent): void {
    this.#print('');
    this.#print('');
    for (const line of wrap(title, this.#width)) this.#print(this.#colors.bold(line));
    this.#wrapped(text, this.#colors.dim);
  }

  #printProgress({ received, total }: ProgressEvent): void {
    const { cyan, dim } = this.#colors;
    const done = Math.round((received / total) * BAR);
    const percent = `${Math.round((received / total) * 100)} %`;
    this.#print(` ${cyan('█'.repeat(done))}${dim('░'.repeat(BAR - done))} ${percent}`);
  }

  #printChapter({ number, title, text, view }: Omit<ChapterEvent, 'event'>): void {
    this.#view = view;
    this.#print('');
    const [first = '', ...rest] = wrap(title, this.#width - 4);
    for (const line of [`${String(number).padStart(2)}  ${first}`, ...rest.map((more) => `    ${more}`)]) {
      this.#print(this.#colors.bold(line));
    }
    this.#wrapped(text, this.#colors.dim);
    this.#print('');
  }

  #printClosed({ side, status, reason, clean }: ClosedEvent): void {
    const said = reason ? `${status} ${JSON.stringify(reason)}` : `${status}`;
    this.#printRow({
      side,
      head: 'connection closed:',
      kind: 'action',
      details: [said, clean ? 'clean' : 'not clean'],
    });
  }

  #printCheck(what: string, ok: boolean): void {
    const { green, red } = this.#colors;
    this.#wrapped(`${ok ? '✓' : '✗'} ${what}`, ok ? green : red);
  }

  #printSummary({ ok, connections, calls, bytesOnTheWire, checks, failed }: SummaryEvent): void {
    const { bold, green, red, dim } = this.#colors;
    const total = Object.values(calls).reduce((sum, count) => sum + count, 0);
    const used = Object.keys(calls).length;
    const { client, server } = bytesOnTheWire;
    this.#print('');
    this.#print(bold('    Summary'));
    this.#print('');
    this.#wrapped(`${connections} connections, ${total} calls of ${used} functions`, (text) => text);
    this.#wrapped(`on the wire: ${sizeOf(client)} from the client, ${sizeOf(server)} from the server`, (text) => text);
    for (const [name, count] of Object.entries(calls)) this.#print(dim(`${String(count).padStart(9)}  ${name}`));
    const result = ok ? `all ${checks} checks hold` : `${failed.length} of ${checks} checks fail: ${failed.join('; ')}`;
    this.#wrapped(result, ok ? green : red);
  }

  #show(row: Row): void {
    if (this.#view !== 'totals') {
      this.#printRow(row);
      return;
    }
    const type = row.details.find((detail) => /^[A-Z0-9]+_[A-Z]+/.test(detail))?.split(' ')[0];
    const key = `${row.side} ${row.head} ${type}`;
    const sum = this.#totals.get(key) ?? { ...row, details: type ? [type] : [], bytes: 0, count: 0 };
    sum.count++;
    sum.bytes = (sum.bytes ?? 0) + (row.bytes ?? 0);
    this.#totals.set(key, sum);
  }

  #printTotals(): void {
    for (const { count, bytes = 0, ...row } of this.#totals.values()) {
      const times = count === 1 ? [] : [`× ${count}`];
      const size = bytes > 0 && row.wire === undefined ? [sizeOf(bytes)] : [];
      this.#printRow({ ...row, details: [...times, ...row.details, ...size], wire: row.wire && sizeOf(bytes) });
    }
    this.#totals.clear();
  }

  get #hasLanes(): boolean {
    return this.#width >= 80;
  }

  /** Prints the head, as many details beside it as fit, and the rest below. */
  #printRow({ side, head, kind, details, wire }: Row): void {
    const width = this.#hasLanes ? this.#lane : this.#width - 8;
    const first = [head];
    const rest = [...details];
    while (rest[0] !== undefined && widthOf([...first, rest[0]].join(' ')) <= width) first.push(rest.shift() as string);
    const beside = first.slice(1).join(' ');
    const { dim } = this.#colors;
    const painted = this.#paintOf(side, kind)(head) + (beside && ` ${dim(beside)}`);
    this.#printSide(side, painted, widthOf(first.join(' ')), this.#arrow(side, wire));
    for (const line of joinUpTo(rest, width - 2)) {
      this.#printSide(side, `  ${dim(line)}`, widthOf(line) + 2, this.#arrow(side, undefined));
    }
  }

  #paintOf(side: Side, kind: Row['kind']): Paint {
    const { bold, cyan, magenta, red } = this.#colors;
    const lane = side === 'client' ? cyan : magenta;
    if (kind === 'refusal') return (text) => bold(red(text));
    return kind === 'call' ? (text) => bold(lane(text)) : lane;
  }

  #printSide(side: Side, painted: string, length: number, arrow: string): void {
    if (this.#hasLanes) {
      this.#print(side === 'client' ? this.#line(painted, length, arrow, '') : this.#line('', 0, arrow, painted));
      return;
    }
    const name = this.#paintOf(side, 'action')(side);
    this.#print(`${name}  ${painted}`);
    if (arrow !== '') this.#print(`${name}  ${arrow}`);
  }

  #line(left: string, leftLength: number, arrow: string, right: string): string {
    return ` ${left}${' '.repeat(Math.max(0, this.#lane - leftLength))} ${arrow} ${right}`.trimEnd();
  }

  /** The network's column: two lifelines, and the bytes between them. */
  #arrow(side: Side, label: string | undefined): string {
    const { yellow, dim } = this.#colors;
    const inner = this.#wire - 2;
    if (!this.#hasLanes)
      return label === undefined ? '' : yellow(side === 'client' ? `── ${label} ─▶` : `◀─ ${label} ──`);
    if (label === undefined) return dim(`│${' '.repeat(inner)}│`);
    const text = ` ${label} `;
    const before = '─'.repeat(Math.max(0, Math.floor((inner - 1 - text.length) / 2)));
    const after = '─'.repeat(Math.max(0, inner - 1 - text.length - before.length));
    return side === 'client'
      ? `${dim('│')}${yellow(`${before}${text}${after}▶`)}${dim('│')}`
      : `${dim('│')}${yellow(`◀${before}${text}${after}`)}${dim('│')}`;
  }

  /** Prints indented text, wrapped at spaces. */
  #wrapped(text: string, paint: Paint): void {
    for (const line of wrap(text, this.#width - 4)) this.#print(`    ${paint(line)}`);
  }
}

/** Joins pieces into lines, each piece whole if it fits. */
function joinUpTo(pieces: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const piece of pieces) {
    const last = lines.at(-1);
    if (last !== undefined && widthOf(`${last} ${piece}`) <= width) lines.splice(-1, 1, `${last} ${piece}`);
    else lines.push(...wrap(piece, width));
  }
  return lines;
}
