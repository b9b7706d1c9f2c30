import { expect, it } from 'vitest';
import { importScript } from '../../helpers/script.ts';

const { repositoryOf } = await importScript('scripts/lib/repository.mjs');

it('names the repository that a job of GitHub runs in', () => {
  const job = { GITHUB_SERVER_URL: 'https://github.com', GITHUB_REPOSITORY: 'owner/winwire' };
  expect(repositoryOf(job)).toEqual({ type: 'git', url: 'git+https://github.com/owner/winwire.git' });
  expect(() => repositoryOf({ ...job, GITHUB_REPOSITORY: undefined })).toThrow(
    /Set GITHUB_SERVER_URL and GITHUB_REPOS/,
  );
});
