import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { INSTALLED, runCli } from './project.ts';

describe('the command line of the package', () => {
  it('prints its version', () => {
    const { version } = JSON.parse(readFileSync(join(INSTALLED, 'package.json'), 'utf8'));
    expect(runCli('--version')).toMatchObject({ status: 0, stdout: `${version}\n` });
  });

  it('lists its scenarios, and compares', () => {
    expect(runCli('parity', '--list').stdout).toMatch(/websocket/);
    const same = runCli('parity', '--left', 'portable', '--right', 'portable', '--component', 'websocket');
    expect(same).toMatchObject({ status: 0 });
  });

  it('examines this machine', () => {
    expect(runCli('doctor')).toMatchObject({ status: 0, stdout: expect.stringContaining('portable') });
  });

  it('shows the demo', () => {
    expect(runCli('demo', '--backend', 'portable')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/all \d+ checks hold/),
    });
  });
});
