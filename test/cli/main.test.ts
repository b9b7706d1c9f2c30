// The whole program: behaviour that all commands share.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../../lib/cli/program.ts';
import { RunningCommand, winwire } from '../helpers/command-line.ts';

const commands = createProgram().commands.map((command) => command.name());
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
const ESCAPE = '\u001b';

describe('winwire', () => {
  it.each(['-V', '--version'])('%s prints the version', async (flag) => {
    expect(await winwire([flag])).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('lists its commands with --help', { tags: ['start'] }, async () => {
    const { code, stdout } = await winwire(['--help']);
    expect(code).toBe(0);
    expect(commands).toEqual(['doctor', 'get', 'ws', 'proxy', 'proxy-for', 'parity', 'demo', 'completion']);
    for (const command of commands) expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, 'm'));
  });

  it('shows its help and fails without a command', async () => {
    const { code, stdout, stderr } = await winwire([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('Usage: winwire');
  });

  it.each([
    [['--nope'], /^winwire: unknown option '--nope'$/m, 'winwire'],
    [['gat', 'x'], /^winwire: unknown command 'gat'\n\(Did you mean get\?\)$/m, 'winwire'],
    [['get', '--forse', 'x'], /^winwire get: unknown option '--forse'/m, 'winwire get'],
    [['get'], /^winwire get: missing required argument 'url'$/m, 'winwire get'],
    [['get', 'a', 'b'], /^winwire get: too many arguments/m, 'winwire get'],
    [['get', '--backend', 'wine', 'x'], /Allowed choices are system, portable/, 'winwire get'],
    [['completion', 'tcsh'], /Allowed choices are bash, zsh, fish, powershell/, 'winwire completion'],
    [['demo', 'x'], /too many arguments/, 'winwire demo'],
    [['doctor', '--max-time', '0'], /a number of seconds/, 'winwire doctor'],
  ])('rejects %j briefly, with exit code 2', async (args, message, name) => {
    const { code, stdout, stderr } = await winwire(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split('\n').at(-1)).toBe(`Try '${name} --help'.`);
    expect(stderr.split('\n').length).toBeLessThanOrEqual(4);
  });

  it.each(commands)('%s --help has examples and fits a terminal', async (command) => {
    const { code, stdout } = await winwire([command, '--help']);
    expect(code).toBe(0);
    expect(stdout).toContain(`Usage: winwire ${command}`);
    expect(stdout).toMatch(/^Examples:\n {2}\S/m);
    expect(stdout).not.toContain(ESCAPE);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
    expect(await winwire(['help', command])).toMatchObject({ code: 0, stdout });
  });

  it('has colours if requested, and never with NO_COLOR', async () => {
    expect((await winwire(['--help'], { env: { FORCE_COLOR: '1' } })).stdout).toContain(ESCAPE);
    expect((await winwire(['--help'], { env: { FORCE_COLOR: '1', NO_COLOR: '1' } })).stdout).not.toContain(ESCAPE);
    expect((await winwire(['doctor'], { env: { FORCE_COLOR: '1' } })).stdout).toContain(ESCAPE);
    expect((await winwire(['doctor'])).stdout).not.toContain(ESCAPE);
  });
});

describe.runIf(process.platform !== 'win32')('a reader that closes the pipe', () => {
  it.each([[['get', '--help']], [['completion', 'bash']], [['demo', '--json']]])(
    'ends %j without a message',
    async (args) => {
      await using command = new RunningCommand(args);
      command.child.stdout?.destroy();
      expect(await command.end()).toBe(0);
      expect(command.stderr).toBe('');
    },
  );
});
