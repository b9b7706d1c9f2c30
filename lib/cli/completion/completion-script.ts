/** The completion scripts. They are static: the program does not run while the user types. */
import type { Command } from 'commander';
import { type CommandWords, type OptionWords, wordsOf } from './words.ts';

type Shell = 'bash' | 'zsh' | 'fish' | 'powershell';

export function completionScript(program: Command, shell: Shell): string {
  const { program: own, commands } = wordsOf(program);
  const lines = WRITERS[shell](own, commands);
  return `# Completion of winwire for ${shell}.\n${lines.join('\n')}\n`;
}

type Writer = (program: CommandWords, commands: readonly CommandWords[]) => readonly string[];

const WRITERS: Readonly<Record<Shell, Writer>> = { bash, zsh, fish, powershell };

const flagsOf = ({ options }: CommandWords): string[] => options.flatMap(({ flags }) => flags);
const namesOf = (commands: readonly CommandWords[]): string[] => commands.map(({ name }) => name);
const withValue = ({ options }: CommandWords): readonly OptionWords[] =>
  options.filter(({ value }) => value !== undefined);

// File names may contain blanks.
const FILES = `local IFS=$'\\n'; COMPREPLY=($(compgen -f -- "$current")); compopt -o filenames 2>/dev/null`;

function bash(program: CommandWords, commands: readonly CommandWords[]): string[] {
  const words = (list: readonly string[]) => `COMPREPLY=($(compgen -W '${list.join(' ')}' -- "$current"))`;
  const valueCases = commands.flatMap((command) =>
    withValue(command).map(({ flags, value }) => {
      const pattern = flags.map((flag) => `'${command.name} ${flag}'`).join(' | ');
      const reply = value === 'file' ? FILES : value === 'text' ? '' : words(value ?? []);
      return `    ${pattern}) ${reply ? `${reply}; ` : ''}return ;;`;
    }),
  );
  return [
    '_winwire() {',
    `  local current=$2 previous=$3 command=\${COMP_WORDS[1]}`,
    '  COMPREPLY=()',
    `  if ((COMP_CWORD == 1)); then ${words([...namesOf(commands), ...flagsOf(program)])}; return; fi`,
    '  case "$command $previous" in',
    ...valueCases,
    '  esac',
    '  case "$command" in',
    ...commands.map((command) => `    ${command.name}) ${words([...command.values, ...flagsOf(command)])} ;;`),
    '  esac',
    '}',
    'complete -F _winwire winwire',
  ];
}

function zsh(program: CommandWords, commands: readonly CommandWords[]): string[] {
  const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
  const about = (text: string) => text.replace(/[[\]:\\]/g, '\\$&');
  const option = ({ flags, about: text, value }: OptionWords) => {
    const action = value === 'file' ? ':file:_files' : value === 'text' ? ':value: ' : `:value:(${value?.join(' ')})`;
    return flags.map((flag) => quoted(`*${flag}[${about(text)}]${value === undefined ? '' : action}`)).join(' ');
  };
  const argumentsOf = (command: CommandWords) => [
    ...command.options.map(option),
    ...(command.values.length > 0 ? [quoted(`1:value:(${command.values.join(' ')})`)] : []),
  ];
  return [
    '_winwire() {',
    '  if (( CURRENT == 2 )); then',
    `    local -a commands=(${commands.map(({ name, about: text }) => quoted(`${name}:${about(text)}`)).join(' ')})`,
    '    _describe command commands',
    `    _arguments ${program.options.map(option).join(' ')}`,
    '    return',
    '  fi',
    '  local command=$words[2]',
    '  shift words; (( CURRENT-- ))',
    '  case $command in',
    ...commands.map((command) => `    ${command.name}) _arguments ${argumentsOf(command).join(' ')} ;;`),
    '  esac',
    '}',
    'compdef _winwire winwire',
  ];
}

function fish(program: CommandWords, commands: readonly CommandWords[]): string[] {
  const quoted = (text: string) => `'${text.replace(/[\\']/g, '\\$&')}'`;
  const line = (condition: string, rest: string) => `complete -c winwire -n ${quoted(condition)} ${rest}`;
  const option = ({ flags, about, value }: OptionWords) => {
    const names = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
    const values =
      value === 'file' ? ' -r -F' : value === 'text' ? ' -x' : value ? ` -x -a ${quoted(value.join(' '))}` : '';
    return `${names.join(' ')}${values} -d ${quoted(about)}`;
  };
  return [
    'complete -c winwire -f',
    ...commands.map(({ name, about }) => line('__fish_use_subcommand', `-a ${name} -d ${quoted(about)}`)),
    ...program.options.map((one) => line('__fish_use_subcommand', option(one))),
    ...commands.flatMap((command) => {
      const condition = `__fish_seen_subcommand_from ${command.name}`;
      const values = command.values.length > 0 ? [line(condition, `-a ${quoted(command.values.join(' '))}`)] : [];
      return [...values, ...command.options.map((one) => line(condition, option(one)))];
    }),
  ];
}

function powershell(program: CommandWords, commands: readonly CommandWords[]): string[] {
  const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;
  const entry = (key: string, words: readonly (readonly [word: string, about: string])[]) =>
    `    ${quoted(key)} = @(${words.map((pair) => `@(${pair.map(quoted).join(', ')})`).join(', ')},$null)`;
  const optionsOf = ({ options }: CommandWords) =>
    options.flatMap(({ flags, about }) => flags.map((flag) => [flag, about] as const));
  const values = (list: readonly string[]) => list.map((word) => [word, word] as const);
  const valueEntries = commands.flatMap((command) =>
    withValue(command).flatMap(({ flags, value }) =>
      flags.map((flag) => entry(`${command.name} ${flag}`, typeof value === 'object' ? values(value) : [])),
    ),
  );
  return [
    'Register-ArgumentCompleter -Native -CommandName winwire -ScriptBlock {',
    '  param($word, $ast, $position)',
    '  $table = @{',
    entry('', [...commands.map(({ name, about }) => [name, about] as const), ...optionsOf(program)]),
    ...commands.map((command) => entry(command.name, [...values(command.values), ...optionsOf(command)])),
    ...valueEntries,
    '  }',
    '  $before = @($ast.CommandElements | Where-Object { $_.Extent.EndOffset -lt $position } | ForEach-Object { "$_" })',
    '  $command = if ($before.Count -gt 1) { $before[1] } else { "" }',
    '  $key = "$command $($before[-1])"',
    '  if (-not $table.ContainsKey($key)) { $key = $command }',
    '  $table[$key] | Where-Object { $_ -and $_[0] -like "$word*" } | ForEach-Object {',
    "    [System.Management.Automation.CompletionResult]::new($_[0], $_[0], 'ParameterValue', $_[1])",
    '  }',
    '}',
  ];
}
