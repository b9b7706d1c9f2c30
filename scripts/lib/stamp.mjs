// Stamps: hashes of the inputs that something was made of.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inProject } from './project.mjs';

/** One hash over files (paths from the root, whose content counts) and words (which count as they are). */
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

/** The hash that the last finished piece of work left in a file, or undefined. */
export const readStamp = (file) => (existsSync(inProject(file)) ? readFileSync(inProject(file), 'utf8') : undefined);

export function writeStamp(file, hash) {
  mkdirSync(path.dirname(inProject(file)), { recursive: true });
  writeFileSync(inProject(file), hash);
}
