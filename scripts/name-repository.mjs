// node scripts/name-repository.mjs [FILE PAGE…]: writes the repository of GITHUB_SERVER_URL and GITHUB_REPOSITORY into
// package.json and README.md (or FILE and each PAGE), for the package that a release packs.
import { readFileSync, writeFileSync } from 'node:fs';
import { inProject } from './lib/project.mjs';
import { nameRepository, repositoryOf } from './lib/repository.mjs';
import { main } from './lib/run.mjs';

main(([file = inProject('package.json'), ...pages]) => {
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  const repository = repositoryOf(process.env);
  writeFileSync(file, `${JSON.stringify({ ...manifest, repository }, null, 2)}\n`);
  for (const page of pages.length > 0 ? pages : [inProject('README.md')])
    writeFileSync(page, nameRepository(readFileSync(page, 'utf8'), process.env));
});
