// npm's `prepare`: builds the addon (to prebuilds/) and dist for an installation from git and for a package; does
// nothing if both are up to date.
import { stageAddon } from '../tools/prebuilds/prebuild.mjs';
import { ensureReady } from './lib/ensure-ready.mjs';
import { main } from './lib/run.mjs';

main(() => {
  ensureReady({ tests: false });
  stageAddon();
});
