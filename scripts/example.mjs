// npm run example -- NAME [arguments]: sets up, builds and runs examples/NAME.ts.
import { ensureReady } from './lib/ensure-ready.mjs';
import { filesUnder } from './lib/files.mjs';
import { exitCodeOf, main, Stop } from './lib/run.mjs';
import { compiled } from './lib/type-script.mjs';

main(([name, ...args]) => {
  const names = filesUnder('examples', ['.ts']).flatMap((file) => /^examples\/([^/]+)\.ts$/.exec(file)?.[1] ?? []);
  if (!names.includes(name)) throw new Stop(`npm run example -- NAME, where NAME is one of: ${names.join(', ')}`);
  ensureReady({ tests: false });
  return exitCodeOf(process.execPath, [compiled(`examples/${name}.ts`), ...args]);
});
