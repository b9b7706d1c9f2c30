// npm run test:engine -- [--plain] [--sanitize] [--thread] [--valgrind] [--compiler NAME] [--filter TEXT]...
// Builds the engine's own tests (native/test) and runs them: as they are, under AddressSanitizer and
// UndefinedBehaviorSanitizer, under ThreadSanitizer, under valgrind. Without a mode: as they are.
import { parseArgs } from 'node:util';
import { buildEngineTests } from '../tools/native-build/engine-tests-build.mjs';
import { announce } from './lib/project.mjs';
import { exitCodeOf, hasProgram, main, Stop } from './lib/run.mjs';

const options = {
  plain: { type: 'boolean' },
  sanitize: { type: 'boolean' },
  thread: { type: 'boolean' },
  valgrind: { type: 'boolean' },
  compiler: { type: 'string', default: 'c++' },
  filter: { type: 'string', multiple: true, default: [] },
};

const valgrind = [
  ...['--quiet', '--error-exitcode=9', '--leak-check=full', '--errors-for-leak-kinds=definite,indirect,possible'],
  // The tests never change code; without this, valgrind checks for it on the stack.
  '--smc-check=none',
  // Keeps the tests' own operator new, which can be made to fail; valgrind tracks the underlying allocations.
  '--soname-synonyms=somalloc=nouserintercepts',
];

main(async (args) => {
  const { values } = parseArgs({ args, options });
  const filters = values.filter.flatMap((text) => ['--filter', text]);
  const modes = ['plain', 'sanitize', 'thread', 'valgrind'].filter((mode) => values[mode]);
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
  const program = await buildEngineTests({ variant: mode === 'valgrind' ? 'plain' : mode, compiler });
  announce(`engine tests: ${mode}`);
  return mode === 'valgrind'
    ? exitCodeOf('valgrind', [...valgrind, program, ...filters])
    : exitCodeOf(program, filters, { env: { ...process.env, UBSAN_OPTIONS: 'print_stacktrace=1' } });
}
