import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeFolder, removeFolder } from '../helpers/folder.ts';
import { importScript, runScript } from '../helpers/script.ts';

const { PLACEHOLDER } = await importScript('scripts/lib/repository.mjs');

it('adds the repository of the job to package.json and the page, and keeps the rest', { tags: ['start'] }, () => {
  const folder = makeFolder('repository');
  try {
    const file = join(folder, 'package.json');
    writeFileSync(file, '{"name":"winwire","files":["dist"]}');
    const page = join(folder, 'page.md');
    writeFileSync(page, `git clone https://github.com/${PLACEHOLDER}`);
    const job = { GITHUB_SERVER_URL: 'https://github.com', GITHUB_REPOSITORY: 'owner/winwire' };
    expect(runScript('scripts/name-repository.mjs', [file, page], job)).toMatchObject({ status: 0 });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
      name: 'winwire',
      files: ['dist'],
      repository: { type: 'git', url: 'git+https://github.com/owner/winwire.git' },
    });
    expect(readFileSync(page, 'utf8')).toBe('git clone https://github.com/owner/winwire');
    const { status } = runScript('scripts/name-repository.mjs', [file, page], { ...job, GITHUB_SERVER_URL: '' });
    expect(status).toBe(1);
  } finally {
    removeFolder(folder);
  }
});
