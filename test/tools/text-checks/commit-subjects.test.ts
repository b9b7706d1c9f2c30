import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeFolder, removeFolder } from '../../helpers/folder.ts';
import { importScript } from '../../helpers/script.ts';

const { checkCommits, subjectFaults } = await importScript('tools/text-checks/commit-subjects.mjs');

describe('a commit subject', () => {
  it.each(['engine: reject a control frame over 125 bytes', 'lib/cli: feed stdin', 'test: bring certificates'])(
    'may be "%s"',
    (subject) => {
      expect(subjectFaults(subject)).toEqual([]);
    },
  );

  it.each([
    ['reject a control frame', /area/],
    ['Engine: reject a control frame', /area/],
    [`engine: reject ${'x'.repeat(60)}`, /75 characters/],
    ['engine: rejected a control frame', /imperative/],
    ['engine: the control frames', /imperative/],
    ['engine: reject a frame; docs: explain it', /several/],
    ['engine: reject a frame.', /full stop/],
  ])('must not be "%s"', (subject, fault) => {
    expect(subjectFaults(subject).join()).toMatch(fault);
  });
});

describe.runIf(process.env.WINWIRE_LANE !== 'wine')('the check of new commits', () => {
  let folder: string;
  const git = (...args: string[]) => {
    const settings = ['-c', 'user.name=a', '-c', 'user.email=a@example.org', '-c', 'commit.gpgsign=false'];
    const { status, stderr } = spawnSync('git', [...settings, ...args], { cwd: folder, encoding: 'utf8' });
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  };
  const commit = (subject: string) => git('commit', '--allow-empty', '--quiet', '-m', subject);

  beforeEach(() => {
    folder = makeFolder('commits');
    git('init', '--quiet', '--initial-branch', 'main');
    commit('An old subject');
  });

  afterEach(() => removeFolder(folder));

  it('checks only commits that the default branch does not have', () => {
    git('checkout', '--quiet', '-b', 'work');
    commit('engine: reject a frame');
    commit('Some work.');
    const { checked, faults } = checkCommits({ folder, env: {} });
    expect(checked).toBe('2 new commits checked');
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain('"Some work."');
  });

  it('passes on the default branch', () => {
    expect(checkCommits({ folder, env: {} })).toEqual({ checked: '0 new commits checked', faults: [] });
  });

  it('says so and passes if the base is unknown', () => {
    git('branch', '--quiet', '-m', 'elsewhere');
    const { checked, faults } = checkCommits({ folder, env: {} });
    expect(checked).toContain('unknown');
    expect(faults).toEqual([]);
  });

  it('checks the commits of a push in a CI job', () => {
    const event = join(folder, 'event.json');
    writeFileSync(event, JSON.stringify({ commits: [{ id: 'abc', message: 'Pushed\n\nbody' }] }));
    expect(checkCommits({ folder, env: { GITHUB_EVENT_PATH: event } }).faults[0]).toContain('abc "Pushed"');
  });
});
