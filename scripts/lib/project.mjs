// Paths of the project, and announcements of commands.
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

export const inProject = (...parts) => path.join(root, ...parts);

/** Announces a step before it starts. */
export const announce = (text) => console.error(`» ${text}`);
