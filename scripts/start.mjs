// npm start: sets up, builds and shows two endpoints at work (examples/demo). Arguments go to the demo.
import { ensureReady } from './lib/ensure-ready.mjs';
import { exitCodeOf, main } from './lib/run.mjs';
import { compiled } from './lib/type-script.mjs';

main((args) => {
  ensureReady({ tests: false });
  return exitCodeOf(process.execPath, [compiled('examples/demo/main.ts'), ...args]);
});
