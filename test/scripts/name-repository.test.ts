import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runScript } from '../helpers/script.ts';

it('adds the repository of the job to package.json and keeps the rest', { tags: ['start'] }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'winwire-repository-'));
  try {
    const file = join(folder, 'package.json');
    writeFileSync(file, '{"name":"winwire","files":["dist"]}');
    const job = { GITHUB_SERVER_URL: 'https://github.com', GITHUB_REPOSITORY: 'owner/winwire' };
    expect(runScript('name-repository.mjs', [file], job)).toMatchObject({ status: 0 });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
      name: 'winwire',
      files: ['dist'],
      repository: { type: 'git', url: 'git+https://github.com/owner/winwire.git' },
    });
    const { status } = runScript('name-repository.mjs', [file], { ...job, GITHUB_SERVER_URL: '' });
    expect(status).toBe(1);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
