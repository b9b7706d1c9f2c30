// Creates the pages of the API reference with typedoc.
import { cpSync, mkdirSync } from 'node:fs';
import { announce, inProject } from '../../scripts/lib/project.mjs';
import { runNode, runNpm } from '../../scripts/lib/run.mjs';
import { hashOf, readStamp, writeStamp } from '../../scripts/lib/stamp.mjs';

const source = 'tools/api-docs';
const folder = 'build/api-docs';
const stampFile = `${folder}/.stamp`;

/** Runs TypeDoc over the entries of the package; an exported name without a comment is an error. */
export function typedoc(...args) {
  ensureTypedoc();
  const program = inProject(`${folder}/node_modules/typedoc/bin/typedoc`);
  runNode([program, '--options', inProject(`${source}/typedoc.jsonc`), '--logLevel', 'Warn', ...args]);
}

/** In a separate folder, with a TypeScript version that it supports. */
function ensureTypedoc() {
  const files = [`${source}/package.json`, `${source}/package-lock.json`];
  const hash = hashOf(files);
  if (readStamp(stampFile) === hash) return;
  announce(`npm ci (TypeDoc, in ${folder})`);
  mkdirSync(inProject(folder), { recursive: true });
  for (const file of files) cpSync(inProject(file), inProject(file.replace(source, folder)));
  runNpm(['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: inProject(folder) });
  writeStamp(stampFile, hash);
}
