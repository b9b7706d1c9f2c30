// Lists files of the project, and the lists of native/sources.json.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { inProject, root } from './project.mjs';

/** The files below a folder whose names end in one of the extensions, as paths from the root with forward slashes. */
export function filesUnder(folder, extensions) {
  if (!existsSync(inProject(folder))) return [];
  return readdirSync(inProject(folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && extensions.some((extension) => entry.name.endsWith(extension)))
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'))
    .sort();
}

/** The lists of native/sources.json, the one place that says what is compiled. */
export const nativeSources = () => JSON.parse(readFileSync(inProject('native/sources.json'), 'utf8'));
