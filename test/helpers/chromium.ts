// Opens a page in headless Chromium, if it is installed.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { makeFolder, removeFolder } from './folder.ts';

const works = (name: string) => spawnSync(name, ['--version'], { timeout: 20_000 }).status === 0;

/** The program; undefined if there is none. Under Wine none is sought: Windows cannot run Linux' programs. */
export const chromium =
  process.platform === 'win32' ? undefined : ['chromium', 'google-chrome', 'chromium-browser'].find(works);

const FLAGS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
  ...['--disable-background-networking', '--disable-component-update'],
];

/** Opens the page, until the returned object is disposed of. */
export function openPage(url: string, flags: readonly string[] = []): AsyncDisposable {
  const profile = makeFolder('chromium');
  const args = [...FLAGS, `--user-data-dir=${profile}`, ...flags, url];
  // With its helpers in a process group.
  const browser = spawn(chromium as string, args, { stdio: 'ignore', detached: true });
  const exit = once(browser, 'exit');
  return {
    async [Symbol.asyncDispose]() {
      if (browser.pid !== undefined) process.kill(-browser.pid, 'SIGKILL');
      await exit;
      removeFolder(profile);
    },
  };
}
