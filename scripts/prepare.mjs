// npm's `prepare`: an installation from git, and a package, gets the addon (in prebuilds/) and dist built; where both are up
// to date, nothing happens.
import { ensureReady } from './lib/ensure-ready.mjs';
import { stageAddon } from './lib/prebuild.mjs';
import { main } from './lib/run.mjs';

main(() => {
  ensureReady({ tests: false });
  stageAddon();
});
