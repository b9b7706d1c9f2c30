import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const inProject = (file: string) => fileURLToPath(new URL(file, import.meta.url));

/** TypeScript alone, the same on every system, and slow under Wine. */
const GIBIBYTE_DOWNLOAD = 'test/winhttp/portable/large-download.test.ts';

export default defineConfig({
  // The examples name the package; in the tests that is lib itself, not a second copy of it in dist.
  resolve: {
    alias: [
      { find: /^winwire$/, replacement: inProject('lib/index.ts') },
      { find: /^winwire\/sys$/, replacement: inProject('lib/sys.ts') },
      { find: /^winwire\/parity$/, replacement: inProject('lib/parity.ts') },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    // test/package is for the packed package (npm run test:package); the scripts are for the system that Wine runs on. The
    // command line is started some three hundred times, which takes two seconds each under Wine; it has nothing of
    // Windows' own but the backend, which test/websocket holds to account.
    exclude: [
      ...(process.env.WINWIRE_PACKAGE_PROJECT ? [] : ['test/package/**']),
      ...(process.env.WINWIRE_LANE === 'wine' ? ['test/scripts/**', 'test/cli/**', GIBIBYTE_DOWNLOAD] : []),
    ],
    pool: 'forks',
    // A suite waits more than it computes.
    maxWorkers: availableParallelism(),
    // Tests of finalizers call the collector themselves.
    execArgv: ['--expose-gc'],
    // Limits, not expectations: Wine on a shared machine is many times slower than a test needs.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // A measure of memory can be disturbed once by what else the machine does; what is wrong fails twice.
    retry: process.env.CI ? 1 : 0,
  },
});
