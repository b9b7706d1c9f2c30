import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
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

/** Makes dist from lib, if it has changed: declarations by tsc, JavaScript by rolldown. */
export function ensureDist() {
  const sources = ['lib', 'examples'].flatMap((folder) => filesUnder(folder, ['.ts', '.json']));
  const hash = hashOf([...settings, 'package.json', 'package-lock.json', ...sources]);
  if (readStamp(stampFile) === hash && filesUnder('dist', ['.js']).length > 0) return;
  announce('tsc and rolldown: making dist of lib');
  for (const folder of ['dist', typesFolder]) rmSync(inProject(folder), { recursive: true, force: true });
  runNode([tsc, '--project', 'tsconfig.build.json']);
  const rolldown = inProject('node_modules/rolldown/bin/cli.mjs');
  runQuietly(process.execPath, [rolldown, '--config', inProject('scripts/lib/rolldown.config.mjs')]);
  copyDeclarations();
  writeStamp(stampFile, hash);
}

// tsc leaves the extension of the source in the imports of a declaration.
const importPattern = /((?:from|import\()\s*['"]\.[^'"]+)\.ts(['"])/g;

/** The declarations that an entry of the package leads to; those of the rest of lib would be dead weight. */
function copyDeclarations() {
  const { exports: entries } = JSON.parse(readFileSync(inProject('package.json'), 'utf8'));
  const waiting = Object.values(entries).flatMap(({ types }) => (types ? [path.posix.relative('dist', types)] : []));
  const seen = new Set(waiting);
  for (const file of waiting) {
    const text = readFileSync(inProject(typesFolder, file), 'utf8').replace(importPattern, '$1.js$2');
    mkdirSync(path.dirname(inProject('dist', file)), { recursive: true });
    writeFileSync(inProject('dist', file), text);
    for (const [, specifier] of text.matchAll(/(?:from|import\()\s*['"](\.[^'"]+)\.js['"]/g)) {
      const next = path.posix.join(path.posix.dirname(file), `${specifier}.d.ts`);
      if (seen.has(next)) continue;
      seen.add(next);
      waiting.push(next);
    }
  }
}
