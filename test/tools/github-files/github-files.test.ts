import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { importScript } from '../../helpers/script.ts';

const { checkGitHubFiles, faultsOf } = await importScript('tools/github-files/github-files.mjs');
const read = (file: string) =>
  readFileSync(fileURLToPath(new URL(`../../../.github/${file}`, import.meta.url)), 'utf8');

const CI = read('workflows/ci.yml');
const BUG = read('ISSUE_TEMPLATE/bug.yml');
const DEPENDABOT = read('dependabot.yml');

/** Returns the faults after one change that must be found. */
async function faults(file: string, text: string, from: string | RegExp, to: string): Promise<string> {
  const changed = text.replace(from, to);
  expect(changed).not.toBe(text);
  return (await faultsOf(`.github/${file}`, changed)).join('\n');
}

describe('the files of .github', () => {
  it('have no fault', async () => {
    await expect(checkGitHubFiles()).resolves.toBeUndefined();
  });

  it.each([
    ['an unknown context', /matrix\.os \}\}/, 'matrix.oss }}', /property "oss" is not defined/],
    ['an unknown job in needs', 'needs: lint', 'needs: lint2', /lint2/],
    ['a runner that does not exist', 'ubuntu-latest', 'ubuntu-oldest', /ubuntu-oldest" is unknown/],
    ['a key of no schema', 'timeout-minutes: 20', 'timeout: 20', /timeout/],
    [
      'an action by its tag',
      /setup-node@[0-9a-f]{40} # v5\.0\.0/,
      'setup-node@v4',
      /not pinned: actions\/setup-node@v4/,
    ],
    ['a pin without its version', / # v5\.0\.0/, '', /not pinned/],
    [
      'an action on a runtime that GitHub removes',
      /setup-node@[0-9a-f]{40} # v5\.0\.0/,
      `setup-node@${'0'.repeat(40)} # v4.4.0`,
      /actions\/setup-node is older than version 5/,
    ],
    ['no permissions', /permissions:\n {2}contents: read\n/, '', /no permissions/],
    ['the shell of the system', / {4}shell: bash\n/, '    working-directory: .\n', /not bash as its shell/],
    ['a script that is not there', 'scripts/job-summary.mjs', 'scripts/other.mjs', /scripts\/other\.mjs is not there/],
    ['an npm script that is not there', 'npm run fuzz', 'npm run fuss', /npm run fuss: no such script/],
    ['no YAML', 'jobs:', 'jobs: [', /./],
  ])('are checked: finds a workflow with %s', async (_what, from, to, fault) => {
    expect(await faults('workflows/ci.yml', CI, from, to)).toMatch(fault);
  });

  it.each([
    ['an element of no type', 'type: textarea', 'type: text'],
    ['an element without a label', /label: What happens.*\n/, ''],
    ['a misspelt key', 'required: true', 'require: true'],
    ['no description', /^description:.*\n/m, ''],
    ['an option that is not text', '- both', '- { both: true }'],
  ])('are checked: finds an issue form with %s', async (_what, from, to) => {
    expect(await faults('ISSUE_TEMPLATE/bug.yml', BUG, from, to)).not.toBe('');
  });

  it.each([
    ['an unknown ecosystem', 'package-ecosystem: npm', 'package-ecosystem: nmp'],
    ['no schedule', / {4}schedule:\n {6}interval: weekly\n/, ''],
    ['no directory', / {4}directories: .*parity\]\n/, ''],
    ['another version', 'version: 2', 'version: 1'],
  ])('are checked: finds settings of dependabot with %s', async (_what, from, to) => {
    expect(await faults('dependabot.yml', DEPENDABOT, from, to)).not.toBe('');
  });
});
