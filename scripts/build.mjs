// npm run build: installs what is missing, builds the addon, the test targets and dist.
import { ensureReady } from './lib/ensure-ready.mjs';
import { main } from './lib/run.mjs';

main(() => ensureReady());
