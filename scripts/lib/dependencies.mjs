// Installs the dependencies when package-lock.json has changed.
import { existsSync } from 'node:fs';
import { announce, inProject } from './project.mjs';
import { runNpm } from './run.mjs';
import { hashOf, readStamp, writeStamp } from './stamp.mjs';

const stampFile = 'node_modules/.winwire-lock';

/** Installs the packages of package-lock.json, once for each state of that file. */
export function ensureDependencies() {
  const hash = hashOf(['package-lock.json']);
  if (readStamp(stampFile) === hash) return;
  if (!isInstalled()) {
    announce('npm ci (the development dependencies of package-lock.json)');
    // Without scripts: `prepare` is this build itself, and no dependency needs its own.
    runNpm(['ci', '--ignore-scripts', '--no-audit', '--no-fund']);
  }
  writeStamp(stampFile, hash);
}

/** Returns true if npm itself has just installed this lock file, before it runs `prepare`. */
function isInstalled() {
  const installed = inProject('node_modules/.package-lock.json');
  return existsSync(installed) && process.env.npm_lifecycle_event === 'prepare';
}
