/** The words to complete, taken from the program. */
import type { Command, Option } from 'commander';

export interface CommandWords {
  readonly name: string;
  readonly about: string;
  readonly options: readonly OptionWords[];
  /** The possible values of its argument, if known. */
  readonly values: readonly string[];
}

export interface OptionWords {
  /** `-o` and `--output`, or one of them. */
  readonly flags: readonly string[];
  readonly about: string;
  /** The kind of its value: one of a list, a file, or any text; undefined without a value. */
  readonly value: undefined | 'text' | 'file' | readonly string[];
}

/** Returns the commands, and the program under the empty name. */
export function wordsOf(program: Command): { readonly program: CommandWords; readonly commands: CommandWords[] } {
  const help: CommandWords = {
    name: 'help',
    about: 'show the help text of a command',
    options: [],
    values: program.commands.map((command) => command.name()),
  };
  return { program: commandWords(program), commands: [...program.commands.map(commandWords), help] };
}

function commandWords(command: Command): CommandWords {
  return {
    name: command.parent ? command.name() : '',
    about: command.summary() || command.description(),
    options: command.createHelp().visibleOptions(command).map(optionWords),
    values: command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
  };
}

function optionWords({ short, long, description, required, optional, argChoices, flags }: Option): OptionWords {
  const takesValue = required || optional;
  const value = argChoices ?? (/<(?:file|module)>/.test(flags) ? 'file' : 'text');
  const names = [short, long].filter((flag) => flag !== undefined);
  return { flags: names, about: description, value: takesValue ? value : undefined };
}
