// npm start: two endpoints on the 13 functions talk over TCP, then a request object meets a web server, and everything
// they do is shown. See examples/README.md.
import { type BackendName, backends } from 'winwire';
import { chooseBackend } from '../lib/choose-backend.ts';
import { type CommandLine, type Main, runIfMain, type Terminal, UsageError } from '../lib/command-line.ts';
import { play } from './chapters.ts';
import type { DemoEvent, StartEvent } from './events.ts';
import { playHttp } from './http.ts';
import { get } from './http-get.ts';
import { Narrator } from './narrator.ts';
import { Stage } from './stage.ts';

export const COMMAND = {
  usage: 'npm start -- [options] [get URL]',
  about:
    'Two WebSocket endpoints, built on the 13 functions of websocket.dll, talk over a TCP connection; then a request\n' +
    'object, WinHttpRequest, meets a web server. With `get URL`, WinHttpRequest fetches that URL.',
  options: {
    backend: { type: 'string', choices: ['system', 'portable'], help: 'who answers the calls' },
    json: { type: 'boolean', help: 'one JSON object for each event and line (examples/README.md)' },
  },
  positionals: 'any',
} as const satisfies CommandLine;

/** A limit on the whole run, far above what it takes: a mistake must end in a message, not in silence. */
const TIME_LIMIT = 60_000;

export const main: Main<typeof COMMAND> = async (values, [command, ...rest], terminal) => {
  if (command === 'get') return get(rest, values, terminal);
  if (command !== undefined) throw new UsageError(`unexpected argument '${command}'`);
  const backend = chooseBackend(values.backend);
  const tell = values.json ? jsonLines(terminal) : narrate(terminal);
  tell(startOf(backend));
  const stage = new Stage(backend, tell);
  await stage.open();
  await withinLimit(play(stage));
  await stage.close();
  await withinLimit(playHttp(backend, { tell, check: (what, ok) => stage.check(what, ok) }));
  return stage.summary() ? 0 : 1;
};

function startOf(backend: BackendName): StartEvent {
  const { provider = '', file = '', version = '' } = backends().websocket[backend];
  const platform = `${process.platform} ${process.arch}`;
  return { event: 'start', backend, provider, file, version, node: process.versions.node, platform };
}

function jsonLines({ stdout }: Terminal): (event: DemoEvent) => void {
  return (event) => stdout.write(`${JSON.stringify(event)}\n`);
}

function narrate({ stdout }: Terminal): (event: DemoEvent) => void {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  const colors = !NO_COLOR && (FORCE_COLOR ? FORCE_COLOR !== '0' : stdout.isTTY === true && TERM !== 'dumb');
  const narrator = new Narrator((line) => stdout.write(`${line}\n`), { width: stdout.columns ?? 100, colors });
  return (event) => narrator.tell(event);
}

async function withinLimit(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not finished after ${TIME_LIMIT / 1000} s`)), TIME_LIMIT);
  });
  await Promise.race([work, limit]).finally(() => clearTimeout(timer));
}

await runIfMain(import.meta, COMMAND, main);
