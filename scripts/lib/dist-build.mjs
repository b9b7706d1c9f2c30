import { rmSync } from 'node:fs';
import { filesUnder } from './files.mjs';
import { announce, inProject } from './project.mjs';
import { runNode } from './run.mjs';
import { hashOf, readStamp, writeStamp } from './stamp.mjs';

const stampFile = 'dist/.stamp';

export const tsc = inProject('node_modules/typescript/bin/tsc');

/** Compiles lib/ to dist/, if it has changed. */
export function ensureDist() {
  const inputs = ['tsconfig.json', 'tsconfig.build.json', 'package-lock.json', ...filesUnder('lib', ['.ts', '.json'])];
  const hash = hashOf(inputs);
  if (readStamp(stampFile) === hash) return;
  announce('tsc: compiling lib to dist');
  rmSync(inProject('dist'), { recursive: true, force: true });
  runNode([tsc, '--project', 'tsconfig.build.json']);
  writeStamp(stampFile, hash);
}
