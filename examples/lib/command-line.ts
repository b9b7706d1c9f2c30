// The command line of the example programs: options with types and help, usage errors with exit code 2.
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type ParseArgsConfig, parseArgs } from 'node:util';

/** One option `--name`. */
export interface Option {
  readonly type: 'string' | 'number' | 'boolean';
  readonly help: string;
  readonly default?: string | number;
  readonly choices?: readonly string[];
}

export interface CommandLine {
  /** Name and arguments, as shown by `--help`. */
  readonly usage: string;
  readonly about: string;
  readonly options: Readonly<Record<string, Option>>;
  /** Whether arguments without a name are allowed; default: no. */
  readonly positionals?: 'any';
}

type Scalar<O extends Option> = O extends { choices: readonly (infer C)[] }
  ? C
  : { string: string; number: number; boolean: boolean }[O['type']];

type ValueOf<O extends Option> = O extends { default: string | number } ? Scalar<O> : Scalar<O> | undefined;

/** The parsed options by name. */
export type Values<C extends CommandLine> = { [Name in keyof C['options']]: ValueOf<C['options'][Name]> };

/** The command line is invalid: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Parses the arguments; throws a {@link UsageError}. Returns undefined for `--help`. */
export function parseCommandLine<C extends CommandLine>(
  command: C,
  args: readonly string[],
): { values: Values<C>; positionals: string[] } | undefined {
  const { values: given, positionals } = parse(command, args);
  if (given.help) return undefined;
  const [extra] = positionals;
  if (extra !== undefined && !command.positionals) throw new UsageError(`unexpected argument '${extra}'`);
  const values = Object.entries(command.options).map(([name, option]) => [name, convert(name, option, given[name])]);
  return { values: Object.fromEntries(values), positionals };
}

function parse(command: CommandLine, args: readonly string[]) {
  const options: NonNullable<ParseArgsConfig['options']> = { help: { type: 'boolean' } };
  for (const [name, { type }] of Object.entries(command.options)) {
    options[name] = { type: type === 'boolean' ? 'boolean' : 'string' };
  }
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    // The first sentence describes the error, the others how to write odd file names.
    throw new UsageError((error as Error).message.split('. ')[0]);
  }
}

function convert(name: string, option: Option, given: unknown): unknown {
  if (given === undefined) return option.default;
  if (option.choices && !option.choices.includes(given as string)) {
    throw new UsageError(`--${name} is one of ${option.choices.join(', ')}, not '${given}'`);
  }
  if (option.type !== 'number') return given;
  if (!/^\d+$/.test(given as string)) throw new UsageError(`--${name} takes a number, not '${given}'`);
  return Number(given);
}

/** Returns the text of `--help`. */
export function helpOf(command: CommandLine): string {
  const rows = [
    ...Object.entries(command.options),
    ['help', { type: 'boolean', help: 'this text' } as Option] as const,
  ];
  const names = rows.map(([name, { type, choices }]) => {
    const value = choices ? choices.join('|') : type === 'boolean' ? '' : type === 'number' ? 'N' : 'TEXT';
    return `  --${name} ${value}`.trimEnd();
  });
  const width = Math.max(...names.map((name) => name.length)) + 2;
  const lines = rows.map(([, option], i) => {
    const fallback = option.default === undefined ? '' : ` (${option.default})`;
    return `${names[i]?.padEnd(width)}${option.help}${fallback}`;
  });
  return `Usage: ${command.usage}\n\n${command.about}\n\n${lines.join('\n')}\n`;
}

/** The output streams of a program; a part of `process`. */
export interface Terminal {
  readonly stdout: { write(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: { write(text: string): unknown };
}

/** The main function of a program; may return an exit code. */
export type Main<C extends CommandLine> = (
  values: Values<C>,
  positionals: string[],
  terminal: Terminal,
) => number | undefined | Promise<number | undefined>;

/** Runs a program and returns its exit code: handles help (0), failures (1) and usage errors (2). */
export async function runCommand<C extends CommandLine>(
  command: C,
  main: Main<C>,
  args: readonly string[] = process.argv.slice(2),
  terminal: Terminal = process,
): Promise<number> {
  try {
    const parsed = parseCommandLine(command, args);
    if (parsed) return (await main(parsed.values, parsed.positionals, terminal)) ?? 0;
    terminal.stdout.write(helpOf(command));
    return 0;
  } catch (error) {
    const [start = ''] = command.usage.split(' [');
    const usage = error instanceof UsageError;
    const hint = usage ? `Try '${start} --help'.\n` : '';
    terminal.stderr.write(`${start.replace(/ --$/, '')}: ${(error as Error).message}\n${hint}`);
    return usage ? 2 : 1;
  }
}

/** The last statement of a program's file: has no effect if the file is only imported. */
export async function runIfMain<C extends CommandLine>(meta: ImportMeta, command: C, main: Main<C>): Promise<void> {
  const started = process.argv[1];
  if (started === undefined || realpathSync(started) !== fileURLToPath(meta.url)) return;
  // The reader of the output may close the pipe: `npm start | head`.
  process.stdout.on('error', () => process.exit());
  process.exitCode = await runCommand(command, main);
}
