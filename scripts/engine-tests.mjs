// npm run test:engine -- [--plain] [--sanitize] [--valgrind] [--compiler NAME] [--filter TEXT]...
// Builds the engine's own tests (native/test) and runs them: as they are, under AddressSanitizer and
// UndefinedBehaviorSanitizer, under valgrind. Without a mode: as they are.
import { parseArgs } from 'node:util';
import { buildEngineTests } from './lib/engine-tests-build.mjs';
import { announce } from './lib/project.mjs';
import { exitCodeOf, hasProgram, main, Stop } from './lib/run.mjs';

const options = {
  plain: { type: 'boolean' },
  sanitize: { type: 'boolean' },
  valgrind: { type: 'boolean' },
  compiler: { type: 'string', default: 'c++' },
  filter: { type: 'string', multiple: true, default: [] },
};

const valgrind = [
  ...['--quiet', '--error-exitcode=9', '--leak-check=full', '--errors-for-leak-kinds=definite,indirect,possible'],
  // The tests change code at no time; without this, valgrind checks for it on the stack.
  '--smc-check=none',
  // The tests' own operator new, which can be told to fail, stays; what it allocates with is watched.
  '--soname-synonyms=somalloc=nouserintercepts',
];

main(async (args) => {
  const { values } = parseArgs({ args, options });
  const filters = values.filter.flatMap((text) => ['--filter', text]);
  const modes = ['plain', 'sanitize', 'valgrind'].filter((mode) => values[mode]);
  const failed = [];
  for (const mode of modes.length > 0 ? modes : ['plain']) {
    if ((await runMode(mode, values.compiler, filters)) !== 0) failed.push(mode);
  }
  if (failed.length > 0) throw new Stop(`engine tests failed: ${failed.join(', ')}`);
});

async function runMode(mode, compiler, filters) {
  if (mode === 'valgrind' && !hasProgram('valgrind')) {
    throw new Stop('valgrind is missing. On Debian or Ubuntu: sudo apt-get install --yes valgrind');
  }
  const program = await buildEngineTests({ variant: mode === 'sanitize' ? 'sanitize' : 'plain', compiler });
  announce(`engine tests: ${mode}`);
  return mode === 'valgrind'
    ? exitCodeOf('valgrind', [...valgrind, program, ...filters])
    : exitCodeOf(program, filters, { env: { ...process.env, UBSAN_OPTIONS: 'print_stacktrace=1' } });
}
