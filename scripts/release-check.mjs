// node scripts/release-check.mjs TAG [TARBALL]: checks that the tag, package.json and CHANGELOG.md have the same
// version, and that a tarball belongs to that release: this version, the repository of the job, every addon.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { prebuildTargets } from '../tools/prebuilds/prebuild-targets.mjs';
import { inProject } from './lib/project.mjs';
import { repositoryOf } from './lib/repository.mjs';
import { main, runQuietly, Stop } from './lib/run.mjs';

main(([tag, tarball, ...more]) => {
  if (more.length > 0) throw new Stop(`Pass one tarball. Also given: ${more.join(', ')}`);
  const { name, version } = JSON.parse(readFileSync(inProject('package.json'), 'utf8'));
  if (tag !== `v${version}`) throw new Stop(`the tag is ${tag}, but package.json says ${version}`);
  const changes = readFileSync(inProject('CHANGELOG.md'), 'utf8');
  const heading = new RegExp(`^## \\[?${version.replaceAll('.', '\\.')}\\]?(\\s|$)`, 'm');
  if (!heading.test(changes)) throw new Stop(`CHANGELOG.md has no heading for ${version}`);
  if (tarball !== undefined) checkTarball(tarball, { name, version, repository: repositoryOf(process.env) });
});

function checkTarball(tarball, expected) {
  // The file name alone: GNU tar would take the C of C:\… for a host.
  const tar = (...args) => runQuietly('tar', args, { cwd: path.dirname(path.resolve(tarball)) });
  const archive = ['--gzip', '--file', path.basename(tarball)];
  const manifest = JSON.parse(tar('--extract', '--to-stdout', ...archive, 'package/package.json'));
  const faults = Object.entries(expected)
    .filter(([key, value]) => JSON.stringify(manifest[key]) !== JSON.stringify(value))
    .map(([key, value]) => `"${key}" is ${JSON.stringify(manifest[key])}, not ${JSON.stringify(value)}`);
  const files = new Set(tar('--list', ...archive).split(/\r?\n/));
  const missing = prebuildTargets
    .map(({ folder, file }) => `package/prebuilds/${folder}/${file}`)
    .filter((file) => !files.has(file));
  faults.push(...missing.map((file) => `${file} is missing`));
  if (faults.length > 0) throw new Stop(faults.map((fault) => `${tarball}: ${fault}`).join('\n'));
}
