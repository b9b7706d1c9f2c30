// Lists files of the project, and the lists of native/sources.json.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { inProject, root } from './project.mjs';

/** Returns the files below a folder with one of the extensions, as paths from the root with forward slashes. */
export function filesUnder(folder, extensions) {
  if (!existsSync(inProject(folder))) return [];
  return readdirSync(inProject(folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && extensions.some((extension) => entry.name.endsWith(extension)))
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'))
    .sort();
}

/** The lists of native/sources.json, which define what is compiled. */
export const nativeSources = () => JSON.parse(readFileSync(inProject('native/sources.json'), 'utf8'));
