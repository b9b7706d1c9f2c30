// npm test: sets up, builds and runs the suite of this platform. Arguments go to vitest.
import { ensureReady } from './lib/ensure-ready.mjs';
import { main } from './lib/run.mjs';
import { runVitest } from './lib/vitest.mjs';

main((args) => {
  ensureReady();
  return runVitest(args);
});
