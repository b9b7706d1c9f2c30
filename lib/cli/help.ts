/** What the help texts of the commands share. */
import type { Command } from 'commander';
import { colors } from './colors.ts';

/** Examples at the end of a help text: what to type, and what it does. */
export function addExamples(command: Command, examples: readonly (readonly [line: string, about: string])[]): void {
  const lines = examples.map(([line, about]) => `  ${colors.cyan(line)}\n      ${about}`);
  command.addHelpText('after', `\n${colors.bold('Examples:')}\n${lines.join('\n')}`);
}
