// The demo, for `npm start` and `winwire demo`.
import { type BackendName, backends } from 'winwire';
import { chooseBackend } from '../lib/choose-backend.ts';
import type { Terminal } from '../lib/command-line.ts';
import { play } from './chapters.ts';
import type { DemoEvent, StartEvent } from './events.ts';
import { playHttp } from './http.ts';
import { Narrator } from './narrator.ts';
import { Stage } from './stage.ts';

interface DemoOptions {
  readonly backend?: BackendName | undefined;
  readonly json?: boolean | undefined;
}

/** Time limit of the whole run, far above what it takes, so that an error ends with a message. */
const TIME_LIMIT = 60_000;

/** Resolves with whether every check holds. */
export async function showDemo(options: DemoOptions, terminal: Terminal): Promise<boolean> {
  const backend = chooseBackend(options.backend);
  const tell = options.json ? jsonLines(terminal) : narrate(terminal);
  tell(startOf(backend));
  const stage = new Stage(backend, tell);
  await stage.open();
  await withinLimit(play(stage));
  await stage.close();
  await withinLimit(playHttp(backend, { tell, check: (what, ok) => stage.check(what, ok) }));
  return stage.summary();
}

function startOf(backend: BackendName): StartEvent {
  const { provider = '', file = '', version = '' } = backends().websocket[backend];
  const platform = `${process.platform} ${process.arch}`;
  return { event: 'start', backend, provider, file, version, node: process.versions.node, platform };
}

function jsonLines({ stdout }: Terminal): (event: DemoEvent) => void {
  return (event) => stdout.write(`${JSON.stringify(event)}\n`);
}

/** Default number of columns: a terminal without a size reports 0. */
const WIDTH = 100;

function narrate({ stdout }: Terminal): (event: DemoEvent) => void {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  const colors = !NO_COLOR && (FORCE_COLOR ? FORCE_COLOR !== '0' : stdout.isTTY === true && TERM !== 'dumb');
  const narrator = new Narrator((line) => stdout.write(`${line}\n`), { width: stdout.columns || WIDTH, colors });
  return (event) => narrator.tell(event);
}

async function withinLimit(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not finished after ${TIME_LIMIT / 1000} s`)), TIME_LIMIT);
  });
  await Promise.race([work, limit]).finally(() => clearTimeout(timer));
}
