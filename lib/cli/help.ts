/** Common parts of the help texts. */
import type { Command } from 'commander';
import { colors } from './colors.ts';

/** Adds examples to the end of a help text: command lines, and what they do. */
export function addExamples(command: Command, examples: readonly (readonly [line: string, about: string])[]): void {
  const lines = examples.map(([line, about]) => `  ${colors.cyan(line)}\n      ${about}`);
  command.addHelpText('after', `\n${colors.bold('Examples:')}\n${lines.join('\n')}`);
}
