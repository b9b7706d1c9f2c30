/**
 * The program `winwire`: a list of commands. A command is a file NAME-command.ts that exports one function, an {@link
 * AddCommand}: it adds `program.command('NAME …')` with options, examples (help.ts) and an action. The action imports
 * its implementation, so that other commands need not load it; it returns for exit code 0 and throws an `Exit`
 * (exit.ts) for another. Any other error is printed to stderr and ends with 1.
 */
import { Command } from 'commander';
import { VERSION } from '../version.ts';
import { colors } from './colors.ts';
import { addCompletionCommand } from './completion-command.ts';
import { addDemoCommand } from './demo-command.ts';
import { addDoctorCommand } from './doctor-command.ts';
import { addGetCommand } from './get-command.ts';
import { addParityCommand } from './parity-command.ts';
import { addProxyCommand } from './proxy-command.ts';
import { addProxyForCommand } from './proxy-for-command.ts';
import { addWsCommand } from './ws-command.ts';

/** Adds one command to the program. */
type AddCommand = (program: Command) => void;

const COMMANDS: readonly AddCommand[] = [
  addDoctorCommand,
  addGetCommand,
  addWsCommand,
  addProxyCommand,
  addProxyForCommand,
  addParityCommand,
  addDemoCommand,
  addCompletionCommand,
];

export function createProgram(): Command {
  const program = new Command('winwire')
    .description("Windows' own WebSocket and HTTP stack for Node.js, with portable engines elsewhere.")
    .version(VERSION, '-V, --version')
    .exitOverride()
    .configureHelp({
      styleTitle: colors.bold,
      styleCommandText: colors.cyan,
      styleOptionText: colors.cyan,
      showGlobalOptions: false,
    });
  for (const add of COMMANDS) add(program);
  hintAtHelp(program, 'winwire');
  return program;
}

/** Adds a hint to the message about an invalid command line. */
function hintAtHelp(command: Command, name: string): void {
  command.showHelpAfterError(`Try '${name} --help'.`);
  command.configureOutput({ outputError: (text, write) => write(`${name}: ${text.replace(/^error: /, '')}`) });
  for (const sub of command.commands) hintAtHelp(sub, `${name} ${sub.name()}`);
}
