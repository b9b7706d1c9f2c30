// npm's `prepare`: an installation from git gets the addon and dist built; where both are up to date, nothing happens.
import { ensureReady } from './lib/ensure-ready.mjs';
import { main } from './lib/run.mjs';

main(() => ensureReady({ tests: false }));
