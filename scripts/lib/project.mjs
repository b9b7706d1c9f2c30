// Paths of the project, and what a command announces.
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

export const inProject = (...parts) => path.join(root, ...parts);

/** What is being done, before it is done: these commands install and build on their own. */
export const announce = (text) => console.error(`» ${text}`);
