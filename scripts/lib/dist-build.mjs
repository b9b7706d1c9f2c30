// Builds dist if lib has changed.
import { chmodSync, existsSync, rmSync } from 'node:fs';
import { filesUnder } from './files.mjs';
import { announce, inProject } from './project.mjs';
import { runNode, runQuietly } from './run.mjs';
import { hashOf, readStamp, writeStamp } from './stamp.mjs';

const stampFile = 'build/dist.stamp';
const typesFolder = 'build/types';
/** Where lib/proxy/pac-runtime.ts looks for the worker's program in a checkout. */
export const pacWorkerFile = 'build/pac-worker.cjs';
const settings = [
  'tsconfig.json',
  'tsconfig.build.json',
  'tools/bundle/rolldown.config.mjs',
  'tools/bundle/pac-worker-plugin.mjs',
  'scripts/lib/dist-build.mjs',
];

export const tsc = inProject('node_modules/typescript/bin/tsc');

/** Builds dist if lib has changed: tsc checks it and writes declarations, rolldown bundles those and the code. */
export function ensureDist() {
  const sources = ['lib', 'examples'].flatMap((folder) => filesUnder(folder, ['.ts', '.json']));
  const hash = hashOf([...settings, 'package.json', 'package-lock.json', ...sources]);
  const isThere = filesUnder('dist', ['.js']).length > 0 && existsSync(inProject(pacWorkerFile));
  if (isThere && readStamp(stampFile) === hash) return;
  announce('tsc and rolldown: making dist of lib');
  for (const folder of ['dist', typesFolder]) rmSync(inProject(folder), { recursive: true, force: true });
  runNode([tsc, '--project', 'tsconfig.build.json']);
  const rolldown = inProject('node_modules/rolldown/bin/cli.mjs');
  runQuietly(process.execPath, [rolldown, '--config', inProject('tools/bundle/rolldown.config.mjs')]);
  // npm does this when it installs the package, but not when the package is linked.
  chmodSync(inProject('dist/cli/main.js'), 0o755);
  writeStamp(stampFile, hash);
}
