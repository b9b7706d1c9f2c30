// The project's own scripts, which are JavaScript without declarations.
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const urlOf = (name: string, folder = 'scripts') => new URL(`../../${folder}/${name}`, import.meta.url);

/** The exports of scripts/NAME. */
// biome-ignore lint/suspicious/noExplicitAny: there are no declarations of it.
export const importScript = (name: string): Promise<any> => import(urlOf(name).href);

/** The exports of tools/NAME. */
// biome-ignore lint/suspicious/noExplicitAny: there are no declarations of it.
export const importTool = (name: string): Promise<any> => import(urlOf(name, 'tools').href);

/** Runs scripts/NAME and returns how it ended. */
export function runScript(name: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'winwire-script-'));
  // Files and not pipes, which Node cannot open under Wine.
  const files = ['stdout', 'stderr'].map((stream) => join(folder, stream));
  const descriptors = files.map((file) => openSync(file, 'w'));
  try {
    const { status } = spawnSync(process.execPath, [fileURLToPath(urlOf(name)), ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', ...descriptors],
    });
    const [stdout = '', stderr = ''] = files.map((file) => readFileSync(file, 'utf8'));
    return { status, stdout, stderr };
  } finally {
    for (const descriptor of descriptors) closeSync(descriptor);
    rmSync(folder, { recursive: true });
  }
}
