// node scripts/name-repository.mjs [FILE]: writes the repository of GITHUB_SERVER_URL and GITHUB_REPOSITORY into package.json
// (or FILE), for the package that a release packs.
import { readFileSync, writeFileSync } from 'node:fs';
import { inProject } from './lib/project.mjs';
import { repositoryOf } from './lib/repository.mjs';
import { main } from './lib/run.mjs';

main(([file = inProject('package.json')]) => {
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, `${JSON.stringify({ ...manifest, repository: repositoryOf(process.env) }, null, 2)}\n`);
});
