// Stamps: hashes of the inputs of a build step.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inProject } from './project.mjs';

/** Returns one hash over files (paths from the root, by content) and words. */
export function hashOf(files, words = []) {
  const hash = createHash('sha256');
  for (const word of words) hash.update(`${word}\0`);
  for (const file of [...files].sort())
    hash
      .update(`${file}\0`)
      .update(readFileSync(inProject(file)))
      .update('\0');
  return hash.digest('hex');
}

/** Returns the hash that the last completed step left in a file, or undefined. */
export const readStamp = (file) => (existsSync(inProject(file)) ? readFileSync(inProject(file), 'utf8') : undefined);

export function writeStamp(file, hash) {
  mkdirSync(path.dirname(inProject(file)), { recursive: true });
  writeFileSync(inProject(file), hash);
}
