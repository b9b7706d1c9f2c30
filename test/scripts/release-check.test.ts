import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeFolder, removeFolder } from '../helpers/folder.ts';
import { importScript, runScript } from '../helpers/script.ts';

const { prebuildTargets } = await importScript('tools/prebuilds/prebuild-targets.mjs');
const { name, version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

const JOB = { GITHUB_SERVER_URL: 'https://github.com', GITHUB_REPOSITORY: 'owner/winwire' };
const REPOSITORY = { type: 'git', url: 'git+https://github.com/owner/winwire.git' };
const ADDONS = prebuildTargets.map(
  ({ folder, file }: { folder: string; file: string }) => `prebuilds/${folder}/${file}`,
) as string[];

it('accepts only the tag of this version', () => {
  expect(runScript('scripts/release-check.mjs', [`v${version}`])).toMatchObject({ status: 0 });
  const other = runScript('scripts/release-check.mjs', ['v99.0.0']);
  expect(other).toMatchObject({ status: 1, stderr: `the tag is v99.0.0, but package.json says ${version}\n` });
  expect(runScript('scripts/release-check.mjs', [version])).toMatchObject({ status: 1 });
});

// There is no tar.exe under Wine.
describe.runIf(process.env.WINWIRE_LANE !== 'wine')('a tarball', () => {
  let folder: string;

  beforeEach(() => {
    folder = makeFolder('release');
  });

  afterEach(() => {
    removeFolder(folder);
  });

  /** Packs files below `package`, as npm pack does. */
  function pack(manifest: object, files: readonly string[] = ADDONS): string {
    const contents = {
      ...Object.fromEntries(files.map((file) => [file, ''])),
      'package.json': JSON.stringify(manifest),
    };
    for (const [file, text] of Object.entries(contents)) {
      mkdirSync(dirname(join(folder, 'package', file)), { recursive: true });
      writeFileSync(join(folder, 'package', file), text);
    }
    expect(spawnSync('tar', ['-czf', 'package.tgz', 'package'], { cwd: folder }).status).toBe(0);
    return join(folder, 'package.tgz');
  }

  const check = (tarball: string, env: NodeJS.ProcessEnv = JOB) =>
    runScript('scripts/release-check.mjs', [`v${version}`, tarball], env);

  it('is accepted with the repository of the job and all addons', () => {
    expect(check(pack({ name, version, repository: REPOSITORY }))).toMatchObject({ status: 0, stderr: '' });
  });

  it.each([
    ['no repository', { name, version }, /"repository" is undefined, not .*owner\/winwire\.git/],
    [
      'another repository',
      { name, version, repository: { ...REPOSITORY, url: 'git+https://github.com/a/b.git' } },
      /a\/b/,
    ],
    ['another version', { name, version: '9.9.9', repository: REPOSITORY }, /"version" is "9\.9\.9"/],
    ['another name', { name: 'other', version, repository: REPOSITORY }, /"name" is "other"/],
  ])('is rejected with %s', (_what, manifest, fault) => {
    expect(check(pack(manifest))).toMatchObject({ status: 1, stderr: expect.stringMatching(fault) });
  });

  it('is rejected without an addon', () => {
    const { status, stderr } = check(pack({ name, version, repository: REPOSITORY }, ADDONS.slice(1)));
    expect(status).toBe(1);
    expect(stderr).toContain(`package/${ADDONS[0]} is missing`);
  });

  it('is rejected outside a job, because the repository is unknown', () => {
    const tarball = pack({ name, version, repository: REPOSITORY });
    const { status, stderr } = check(tarball, { GITHUB_SERVER_URL: '', GITHUB_REPOSITORY: '' });
    expect(status).toBe(1);
    expect(stderr).toContain('GITHUB_REPOSITORY');
  });

  it('is rejected beside another one', () => {
    expect(runScript('scripts/release-check.mjs', [`v${version}`, 'a.tgz', 'b.tgz'], JOB)).toMatchObject({
      status: 1,
      stderr: 'Pass one tarball. Also given: b.tgz\n',
    });
  });
});
