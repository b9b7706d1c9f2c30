// Installs and builds what a command needs.
import { ensureNative } from '../../tools/native-build/native-build.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { ensureDist } from './dist-build.mjs';

/** The set-up of every command: from a fresh clone to a built tree; does nothing if everything is up to date. */
export function ensureReady({ tests = true } = {}) {
  ensureDependencies();
  ensureNative({ tests });
  ensureDist();
}
