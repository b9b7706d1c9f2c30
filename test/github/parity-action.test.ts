// What the composite action runs, as a runner would: by its variables, with files for its output and the job's page.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const script = '.github/actions/parity/compare.sh';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'winwire-action-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

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

// Under Wine there is no bash; on Windows the runners' jobs run the action itself.
describe.runIf(process.platform === 'linux')('the parity action', () => {
  test('writes the report, and says where it is', () => {
    const { status, stdout, read } = run({ SCENARIO: 'text-*\nping-answered\n', COMPONENT: 'websocket' });
    expect({ status, stdout }).toMatchObject({ status: 0, stdout: expect.stringContaining('✓ 5 equal') });
    expect(read('output')).toBe(`report=${join(folder, 'parity')}\n`);
    expect(read('summary')).toContain('### winwire parity: portable and portable');
    for (const kind of ['html', 'json', 'xml', 'txt'])
      expect(existsSync(join(folder, `parity/parity.${kind}`))).toBe(true);
  });

  test('fails as the command does, and still leaves its text', () => {
    const { status, read } = run({ SCENARIO: 'no-such; touch owned' });
    expect(status).toBe(2);
    expect(read('summary')).toContain('there is no scenario no-such; touch owned');
  });
});
