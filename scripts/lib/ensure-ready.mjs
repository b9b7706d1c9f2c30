// Installs and builds what a command needs.
import { ensureDependencies } from './dependencies.mjs';
import { ensureDist } from './dist-build.mjs';
import { ensureNative } from './native-build.mjs';

/** The set-up that every command shares: from a fresh clone to a built tree, and nothing if that is where it stands. */
export function ensureReady({ tests = true } = {}) {
  ensureDependencies();
  ensureNative({ tests });
  ensureDist();
}
