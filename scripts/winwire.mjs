// npm run winwire -- COMMAND …: sets up, builds and runs the command line of the package, as `winwire` does once installed.
import { ensureReady } from './lib/ensure-ready.mjs';
import { inProject } from './lib/project.mjs';
import { exitCodeOf, main } from './lib/run.mjs';

main((args) => {
  ensureReady({ tests: false });
  return exitCodeOf(process.execPath, [inProject('dist/cli/main.js'), ...args], { stdio: 'inherit' });
});
