// node scripts/release-check.mjs TAG: whether the tag, package.json and CHANGELOG.md speak of the same version.
import { readFileSync } from 'node:fs';
import { inProject } from './lib/project.mjs';
import { main, Stop } from './lib/run.mjs';

main(([tag]) => {
  const { version } = JSON.parse(readFileSync(inProject('package.json'), 'utf8'));
  if (tag !== `v${version}`) throw new Stop(`the tag is ${tag}, but package.json says ${version}`);
  const changes = readFileSync(inProject('CHANGELOG.md'), 'utf8');
  const heading = new RegExp(`^## \\[?${version.replaceAll('.', '\\.')}\\]?(\\s|$)`, 'm');
  if (!heading.test(changes)) throw new Stop(`CHANGELOG.md has no heading for ${version}`);
});
