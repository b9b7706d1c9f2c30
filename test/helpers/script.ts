// The project's own scripts, which are JavaScript without declarations.
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeFolder, removeFolder } from './folder.ts';

const urlOf = (file: string) => new URL(`../../${file}`, import.meta.url);

/** Returns the exports of a file, named from the root: `scripts/lib/run.mjs`. */
// biome-ignore lint/suspicious/noExplicitAny: there are no declarations of it.
export const importScript = (file: string): Promise<any> => import(urlOf(file).href);

/** Runs a file, named from the root, and returns its result. */
export function runScript(file: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const folder = makeFolder('script');
  // Files instead of pipes, which Node cannot open under Wine.
  const files = ['stdout', 'stderr'].map((stream) => join(folder, stream));
  const descriptors = files.map((file) => openSync(file, 'w'));
  try {
    const { status } = spawnSync(process.execPath, [fileURLToPath(urlOf(file)), ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', ...descriptors],
    });
    const [stdout = '', stderr = ''] = files.map((file) => readFileSync(file, 'utf8'));
    return { status, stdout, stderr };
  } finally {
    for (const descriptor of descriptors) closeSync(descriptor);
    removeFolder(folder);
  }
}
