// The completion scripts, in the shells of this machine.
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProgram } from '../../lib/cli/program.ts';
import { type CommandResult, winwire } from '../helpers/command-line.ts';
import { makeFolder, removeFolder } from '../helpers/folder.ts';

const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;
const hasShell = (name: string) => process.platform !== 'win32' && spawnSync(name, ['--version']).status === 0;

let folder: string;
const results = new Map<string, CommandResult>();
const fileOf = (shell: string) => join(folder, `completion.${shell}`);

beforeAll(async () => {
  folder = makeFolder('completion');
  for (const shell of SHELLS) {
    const result = await winwire(['completion', shell]);
    results.set(shell, result);
    writeFileSync(fileOf(shell), result.stdout);
  }
  writeFileSync(join(folder, 'a file'), '');
});

afterAll(() => removeFolder(folder));

const CASES: readonly (readonly [words: readonly string[], expected: readonly string[]])[] = [
  [['ge'], ['get']],
  [['d'], ['demo', 'doctor']],
  [
    ['get', '--re'],
    ['--request', '--resume'],
  ],
  [
    ['get', '--backend', ''],
    ['portable', 'system'],
  ],
  [['ws', '--lis'], ['--listen']],
  [
    ['completion', ''],
    ['bash', 'fish', 'powershell', 'zsh'],
  ],
  [['help', 'par'], ['parity']],
  [['get', '-o', 'a'], ['a file']],
];

describe('completion', () => {
  it.each(SHELLS)('for %s contains every command and option', { tags: ['start'] }, (shell) => {
    const { code, stdout, stderr } = results.get(shell) as CommandResult;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const command of createProgram().commands) {
      expect(stdout).toContain(command.name());
      for (const { long } of command.options)
        expect(stdout).toContain(shell === 'fish' ? `-l ${long?.slice(2)}` : long);
    }
  });
});

describe.runIf(hasShell('bash'))('in bash', () => {
  it.each(CASES)('%j', (words, expected) => {
    const script = `
      source "$1"; shift
      COMP_WORDS=(winwire "$@"); COMP_CWORD=$#
      _winwire winwire "\${COMP_WORDS[COMP_CWORD]}" "\${COMP_WORDS[COMP_CWORD-1]}"
      printf '%s\\n' "\${COMPREPLY[@]}"`;
    const output = execFileSync('bash', ['-c', script, 'bash', fileOf('bash'), ...words], { cwd: folder });
    const lines = output
      .toString()
      .trim()
      .split('\n')
      .filter((line) => !line.startsWith('-h') && line !== '--help');
    expect(lines.sort()).toEqual(expected);
  });
});

describe.runIf(hasShell('fish'))('in fish', () => {
  it.each(CASES)('%j', (words, expected) => {
    const line = ['winwire', ...words].join(' ');
    const script = `source ${fileOf('fish')}; complete -C ${JSON.stringify(line)}`;
    const output = execFileSync('fish', ['--no-config', '-c', script], { cwd: folder }).toString();
    const offered = output
      .trim()
      .split('\n')
      .map((row) => row.split('\t')[0]);
    expect(offered.sort()).toEqual(expected);
  });
});

describe.runIf(hasShell('zsh'))('in zsh', () => {
  it('is accepted by zsh', () => {
    expect(() => execFileSync('zsh', ['-n', fileOf('zsh')])).not.toThrow();
    const script = `autoload -Uz compinit; compinit -D -u; source ${fileOf('zsh')}; print $_comps[winwire]`;
    expect(execFileSync('zsh', ['-f', '-c', script]).toString()).toBe('_winwire\n');
  });
});
