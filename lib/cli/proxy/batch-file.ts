/** Starts programs on Windows, where a batch file (npm.cmd) needs cmd.exe, which reads its command line again. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { usage } from '../exit.ts';

/** The arguments of `spawn`. */
export interface SpawnPlan {
  readonly file: string;
  readonly args: readonly string[];
  /** The arguments are a command line that is complete. */
  readonly isVerbatim: boolean;
}

/** Returns how a command is started on Windows. `environment` has PATH, PATHEXT and ComSpec. */
export function windowsPlan(command: string, args: readonly string[], environment: NodeJS.ProcessEnv): SpawnPlan {
  const file = findProgram(command, environment) ?? command;
  if (!/\.(?:cmd|bat)$/i.test(file)) return { file, args, isVerbatim: false };
  const shell = environment.ComSpec ?? environment.COMSPEC ?? 'cmd.exe';
  return { file: shell, args: [batchCommandLine(file, args)], isVerbatim: true };
}

/** Searches PATH as cmd.exe does, but not in the current folder, where another user may have put a program. */
function findProgram(command: string, environment: NodeJS.ProcessEnv): string | undefined {
  const extensions = (environment.PATHEXT ?? '.COM;.EXE;.BAT;.CMD').split(';').filter((each) => each !== '');
  const hasExtension = extensions.some((each) => command.toLowerCase().endsWith(each.toLowerCase()));
  const names = hasExtension ? [command] : extensions.map((each) => command + each);
  const isPath = /[\\/]/.test(command) || /^[a-z]:/i.test(command);
  const folders = isPath ? [''] : (environment.PATH ?? environment.Path ?? '').split(';').filter((each) => each !== '');
  for (const folder of folders) {
    for (const name of names) {
      const file = path.win32.join(folder.replaceAll('"', ''), name);
      if (existsSync(file)) return path.win32.resolve(file);
    }
  }
  return undefined;
}

/**
 * Returns the parameters of cmd.exe that run a batch file. Its lines contain the arguments again, where `%*` stands, so
 * that a caret protects nothing: each argument is quoted, and no quote in it ends the quotation.
 *
 * @throws {Exit} for arguments that cannot be passed.
 */
export function batchCommandLine(file: string, args: readonly string[]): string {
  if (/["%\r\n]/.test(file)) throw usage(`the path of a batch file has no quote and no percent sign: ${file}`);
  return `/d /e:on /v:off /s /c ""${file}"${args.map((arg) => ` ${quoted(arg)}`).join('')}"`;
}

function quoted(arg: string): string {
  if (/[\0\r\n]/.test(arg)) throw usage('an argument for a batch file has no line break and no NUL');
  const text = arg
    // Microsoft, "Parsing C command-line arguments": backslashes before a quote are doubled, and two quotes are one.
    .replace(/(\\*)("|$)/g, (_, backslashes: string, quote: string) => backslashes.repeat(2) + quote.repeat(2))
    // An empty substring of the current folder's name, between the percent signs of what would be a variable.
    .replaceAll('%', '%%cd:~,%');
  return `"${text}"`;
}
