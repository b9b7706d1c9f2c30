// The project's own scripts, which are JavaScript without declarations.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const urlOf = (name: string) => new URL(`../../scripts/${name}`, import.meta.url);

/** The exports of scripts/NAME. */
// biome-ignore lint/suspicious/noExplicitAny: there are no declarations of it.
export const importScript = (name: string): Promise<any> => import(urlOf(name).href);

/** Runs scripts/NAME and returns how it ended. */
export function runScript(name: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [fileURLToPath(urlOf(name)), ...args], {
    env: { ...process.env, ...env },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}
