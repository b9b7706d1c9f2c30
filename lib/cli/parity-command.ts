/** `winwire parity`: runs the same scripts with two implementations and reports the differences. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type * as Parity from '../parity.ts';
import { colors } from './colors.ts';
import { Exit, ExitCode, usage } from './exit.ts';
import { addExamples } from './help.ts';
import { parseSeconds } from './shared-options.ts';

interface ParityCommandOptions {
  readonly left: string;
  readonly right: string;
  readonly subject?: string;
  readonly scenario?: readonly string[];
  readonly scenarios?: string;
  readonly component?: Parity.Component;
  readonly known?: string;
  readonly writeKnown?: string;
  readonly timeLimit?: number;
  readonly fuzz?: number;
  readonly seed?: number;
  readonly html?: string;
  readonly json?: string;
  readonly junit?: string;
  readonly list?: boolean;
  readonly verbose?: boolean;
}

type Module = typeof Parity;

export function addParityCommand(program: Command): void {
  const command = program
    .command('parity')
    .summary('compare two implementations, call by call')
    .description(
      'Puts two implementations through the same scripts of calls and reports where they differ. An implementation is ' +
        "'system' (Windows' DLLs), 'portable', or a module that exports one of the shapes WebSocketFunctions and " +
        'IWinHttpRequest, or a function resolveProxy. Exit code 0: equal, or only known differences; 1: differences, or ' +
        'nothing to compare.',
    )
    .option('--left <who>', 'the reference: system, portable or a module', 'system')
    .option('--right <who>', 'who is compared with it', 'portable')
    .option('--subject <module>', 'the same as --right')
    .option('--scenario <id...>', 'only these scenarios; * stands for any characters')
    .addOption(new Option('--component <name>', 'only one of the three').choices(['websocket', 'winhttp', 'proxy']))
    .option('--scenarios <module>', 'a module whose export "scenarios" comes in place of those of the package')
    .option(
      '--known <file>',
      'JSON: known differences, which do not fail the run, [{ scenario, provider, reason, steps }]',
    )
    .option('--write-known <file>', 'write what differs now as such a file: later runs with --known show what is new')
    .option(
      '--time-limit <seconds>',
      'of a scenario with one subject; one that takes longer differs (default: 25)',
      parseSeconds,
    )
    .option('--fuzz <count>', 'so many random sequences of calls as well (needs the package fast-check)', wholeNumber)
    .option('--seed <number>', 'draws the same sequences again', wholeNumber)
    .option('--html <file>', 'write the report as one HTML page')
    .option('--json <file>', 'write it as JSON')
    .option('--junit <file>', 'write it as JUnit XML')
    .option('--list', 'list the scenarios, and run none')
    .option('-v, --verbose', 'also name the scenarios that are equal')
    .action(compare);
  addExamples(command, [
    ['winwire parity', "the portable engines against Windows' DLLs"],
    ['winwire parity --left portable --subject ./my-websocket.mjs --html parity.html', 'your own against the engine'],
    ["winwire parity --scenario 'close-*' --verbose", 'the scenarios of one kind'],
    ['winwire parity --component proxy', 'PAC scripts and bypass lists'],
    ['winwire parity --fuzz 1000 --seed 7 --component websocket', 'random sequences, drawn again the same'],
  ]);
}

function wholeNumber(text: string): number {
  if (!/^-?\d{1,10}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

async function compare(options: ParityCommandOptions): Promise<void> {
  if (options.fuzz !== undefined && options.component === 'proxy') {
    throw usage('--fuzz: the component proxy has no random sequences');
  }
  const parity = await import('../parity.ts');
  const all = options.scenarios === undefined ? parity.builtInScenarios : await importScenarios(options.scenarios);
  const scenarios = chosenScenarios(all, options);
  if (options.list === true) return list(scenarios);
  const left = await subjectNamed(parity, options.left);
  const right = await subjectNamed(parity, options.subject ?? options.right);
  const known = options.known === undefined ? [] : readKnown(options.known);
  const { timeLimit } = options;
  const settings = { left, right, scenarios, knownDifferences: known, onResult: progress };
  const report = await parity.compareSubjects(timeLimit === undefined ? settings : { ...settings, timeLimit });
  const whole = { ...report, results: [...report.results, ...(await fuzzed(parity, options, left, right))] };
  clearProgress();
  write(parity, whole, options);
  const { differencesOf, faultsOf } = await import('../parity/difference-rows.ts');
  const faults = faultsOf(known, report.results, all);
  if (faults.length > 0) throw usage(`${options.known}: ${faults.join('\n')}`);
  if (options.writeKnown === undefined) return conclude(parity, whole);
  const rows = differencesOf(report.results, right.name, `as it was on ${new Date().toISOString().slice(0, 10)}`);
  writeFileSync(options.writeKnown, `${JSON.stringify(rows, null, 2)}\n`);
  console.log(`written: ${options.writeKnown}, ${rows.length} known differences`);
}

function chosenScenarios(all: readonly Parity.Scenario[], options: ParityCommandOptions): Parity.Scenario[] {
  const ofComponent = all.filter(({ component }) => options.component === undefined || component === options.component);
  if (options.scenario === undefined) return [...ofComponent];
  const patterns = options.scenario.map((pattern) => ({ pattern, matches: matcherOf(pattern) }));
  for (const { pattern, matches } of patterns) {
    if (!ofComponent.some(({ id }) => matches(id))) {
      throw usage(`there is no scenario ${pattern}; winwire parity --list names them`);
    }
  }
  return ofComponent.filter(({ id }) => patterns.some(({ matches }) => matches(id)));
}

function matcherOf(pattern: string): (id: string) => boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const expression = new RegExp(`^${parts.join('.*')}$`, 'i');
  return (id) => expression.test(id);
}

const urlOf = (file: string) => pathToFileURL(path.resolve(file)).href;

async function importScenarios(file: string): Promise<readonly Parity.Scenario[]> {
  const { scenarios } = (await import(urlOf(file))) as { scenarios?: readonly Parity.Scenario[] };
  if (!Array.isArray(scenarios)) throw usage(`${file} has no export "scenarios" that is an array`);
  return scenarios;
}

async function subjectNamed(parity: Module, name: string): Promise<Parity.Subject> {
  if (name === 'system' || name === 'portable') return parity.subjectOf(name);
  try {
    return await parity.importSubject(urlOf(name));
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_UNKNOWN_FILE_EXTENSION' && /\.[cm]?ts$/.test(name)) {
      throw usage(`${name}: Node ${process.version} cannot load TypeScript. Compile it, or use Node 22.18 or newer`);
    }
    throw usage(
      `${name} is neither system nor portable, and no module that can be compared: ${(error as Error).message}`,
    );
  }
}

const isText = (value: unknown) => typeof value === 'string' && value !== '';

function isRow(row: unknown): boolean {
  const { scenario, provider, reason, steps } = Object(row) as Record<string, unknown>;
  return [scenario, provider, reason].every(isText) && Array.isArray(steps) && steps.length > 0 && steps.every(isText);
}

function readKnown(file: string): Parity.KnownDifference[] {
  let rows: unknown;
  try {
    rows = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw usage(`--known ${file}: ${(error as Error).message}`);
  }
  const shape = '{ scenario, provider, reason, steps }, where steps are names such as "WebSocketSend" or "*"';
  if (!Array.isArray(rows)) throw usage(`--known ${file}: it must be a list of ${shape}`);
  const bad = rows.findIndex((row) => !isRow(row));
  if (bad >= 0) throw usage(`--known ${file}: row ${bad + 1} is not ${shape}: ${JSON.stringify(rows[bad])}`);
  return rows;
}

async function fuzzed(
  parity: Module,
  { fuzz, seed, component }: ParityCommandOptions,
  left: Parity.Subject,
  right: Parity.Subject,
): Promise<Parity.ScenarioResult[]> {
  if (fuzz === undefined) return [];
  const results: Parity.FuzzResult[] = [];
  for (const one of (['websocket', 'winhttp'] as const).filter((each) => (component ?? each) === each)) {
    const settings = { left, right, component: one, runs: fuzz, ...(seed === undefined ? {} : { seed }) };
    results.push(await parity.fuzzSubjects(settings));
  }
  return results;
}

function list(scenarios: readonly Parity.Scenario[]): void {
  const width = Math.max(0, ...scenarios.map(({ id }) => id.length));
  let heading = '';
  for (const { id, title, group, component } of scenarios) {
    if (heading !== `${component}: ${group}`) {
      heading = `${component}: ${group}`;
      console.log(colors.bold(heading));
    }
    console.log(`  ${colors.cyan(id.padEnd(width))}  ${title}`);
  }
}

let count = 0;

/** Shows the progress on a terminal. */
function progress({ id }: Parity.ScenarioResult): void {
  count += 1;
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${count} ${id}`);
}

function clearProgress(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
}

function write(parity: Module, report: Parity.ParityReport, options: ParityCommandOptions): void {
  const width = process.stdout.isTTY ? process.stdout.columns : 0;
  process.stdout.write(
    parity.renderText(report, { color: colors.isColorSupported, width, verbose: options.verbose === true }),
  );
  const files = [
    [options.html, parity.renderHtml],
    [options.json, parity.renderJson],
    [options.junit, parity.renderJunit],
  ] as const;
  for (const [file, render] of files) {
    if (file === undefined) continue;
    writeFileSync(file, render(report));
    console.log(`written: ${file}`);
  }
}

function conclude(parity: Module, report: Parity.ParityReport): void {
  const counts = parity.countsOf(report);
  if (counts.different > 0) throw new Exit(ExitCode.FAILURE);
  if (counts.equal + counts['known difference'] === 0) {
    const hint = report.left.name === 'system' ? '\nTo compare with the portable engines: --left portable' : '';
    const reason = report.results[0]?.reason ?? 'there is no scenario';
    throw new Exit(ExitCode.FAILURE, `nothing was compared: ${reason}${hint}`);
  }
}
