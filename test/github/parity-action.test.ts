// The commands of the composite action, as a runner executes them: with its variables, and files for its output and the
// job's page.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeFolder, removeFolder } from '../helpers/folder.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const script = '.github/actions/parity/compare.sh';

let folder: string;

beforeEach(() => {
  folder = makeFolder('action');
});
afterEach(() => removeFolder(folder));

function run(inputs: Readonly<Record<string, string>>) {
  const files = {
    GITHUB_OUTPUT: join(folder, 'output'),
    GITHUB_STEP_SUMMARY: join(folder, 'summary'),
    RUNNER_TEMP: folder,
  };
  const env = { ...process.env, ...files, REFERENCE: 'portable', SUBJECT: 'portable', ...inputs };
  const { status, stdout } = spawnSync('bash', [script], { cwd: root, env, encoding: 'utf8' });
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  return { status, stdout, read };
}

// Under Wine there is no bash; on Windows the jobs run the action itself.
describe.runIf(process.platform === 'linux')('the parity action', () => {
  test('writes the report, and outputs its path', () => {
    const { status, stdout, read } = run({ SCENARIO: 'text-*\nping-answered\n', COMPONENT: 'websocket' });
    expect({ status, stdout }).toMatchObject({ status: 0, stdout: expect.stringContaining('✓ 5 equal') });
    expect(read('output')).toBe(`report=${join(folder, 'parity')}\n`);
    expect(read('summary')).toContain('### winwire parity: portable and portable');
    for (const kind of ['html', 'json', 'xml', 'txt'])
      expect(existsSync(join(folder, `parity/parity.${kind}`))).toBe(true);
  });

  test('fails as the command does, and still prints its text', () => {
    const { status, read } = run({ SCENARIO: 'no-such; touch owned' });
    expect(status).toBe(2);
    expect(read('summary')).toContain('there is no scenario no-such; touch owned');
  });
});
