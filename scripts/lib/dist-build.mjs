// Makes dist, when lib has changed.
import { chmodSync, rmSync } from 'node:fs';
import { filesUnder } from './files.mjs';
import { announce, inProject } from './project.mjs';
import { runNode, runQuietly } from './run.mjs';
import { hashOf, readStamp, writeStamp } from './stamp.mjs';

const stampFile = 'build/dist.stamp';
const typesFolder = 'build/types';
const settings = [
  'tsconfig.json',
  'tsconfig.build.json',
  'scripts/lib/rolldown.config.mjs',
  'scripts/lib/dist-build.mjs',
];

export const tsc = inProject('node_modules/typescript/bin/tsc');

/** Makes dist from lib, if it has changed: tsc checks it and writes declarations, rolldown bundles those and the code. */
export function ensureDist() {
  const sources = ['lib', 'examples'].flatMap((folder) => filesUnder(folder, ['.ts', '.json']));
  const hash = hashOf([...settings, 'package.json', 'package-lock.json', ...sources]);
  if (readStamp(stampFile) === hash && filesUnder('dist', ['.js']).length > 0) return;
  announce('tsc and rolldown: making dist of lib');
  for (const folder of ['dist', typesFolder]) rmSync(inProject(folder), { recursive: true, force: true });
  runNode([tsc, '--project', 'tsconfig.build.json']);
  const rolldown = inProject('node_modules/rolldown/bin/cli.mjs');
  runQuietly(process.execPath, [rolldown, '--config', inProject('scripts/lib/rolldown.config.mjs')]);
  // npm does it when it installs the package, not when the package is linked.
  chmodSync(inProject('dist/cli/main.js'), 0o755);
  writeStamp(stampFile, hash);
}
