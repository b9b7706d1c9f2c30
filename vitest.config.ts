import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { standinRuns } from './test/helpers/standin.ts';

const inProject = (file: string) => fileURLToPath(new URL(file, import.meta.url));

/** TypeScript alone, the same on every system, and slow under Wine. */
const GIBIBYTE_DOWNLOAD = 'test/winhttp/portable/large-download.test.ts';

const ALL = ['test/**/*.test.ts'];
/** Those that pass messages through pumps, which parse in place or call the 13 functions. */
const WITH_PUMPS = ['test/websocket/{connection,server,web}/**/*.test.ts'];
/** What the functions do not say. */
const IN_PLACE_ONLY = ['test/websocket/connection/early-refusal.test.ts'];

const isUnderWine = process.env.WINWIRE_LANE === 'wine';

// test/package is for the packed package (npm run test:package). Commands and scripts are started some three hundred
// times, which takes two seconds each under Wine: test:windows has a run of their own for them.
const excluded = [
  ...(process.env.WINWIRE_PACKAGE_PROJECT ? [] : ['test/package/**']),
  ...(process.env.WINWIRE_PACKAGE_WINDOWS ? [] : ['test/package/windows.test.ts']),
  ...(isUnderWine ? [GIBIBYTE_DOWNLOAD] : []),
  ...(isUnderWine && !process.env.WINWIRE_COMMANDS ? ['test/scripts/**', 'test/tools/**', 'test/cli/**'] : []),
];

/** What runs over the COM object, in Wine's lane once more for each way in which the stand-in for it answers. */
const STANDIN_SUITES = [
  'test/conformance/winhttp.test.ts',
  'test/native/winhttp-events.test.ts',
  'test/winhttp/request/winhttp-{abort,abort-listener,abort-signal,errors,published-tests}.test.ts',
];
const standins = standinRuns(process.env.WINWIRE_STANDIN).map((run) => ({
  extends: true as const,
  test: {
    name: run,
    env: { WINWIRE_STANDIN: run },
    setupFiles: [inProject('test/helpers/standin-setup.ts')],
    include: STANDIN_SUITES,
  },
}));

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
    projects:
      standins.length > 0
        ? standins
        : [
            { extends: true, test: { name: 'all', include: ALL, exclude: excluded } },
            // Under Wine the backend that counts calls the functions anyway.
            ...(isUnderWine
              ? []
              : [
                  {
                    extends: true as const,
                    test: {
                      name: 'by functions',
                      include: WITH_PUMPS,
                      exclude: IN_PLACE_ONLY,
                      setupFiles: ['test/helpers/by-functions.ts'],
                    },
                  },
                ]),
          ],
    tags: [
      { name: 'start', description: 'Starts a command with a group of its options: run under Wine on every change.' },
    ],
    pool: 'forks',
    // A suite waits more than it computes.
    maxWorkers: availableParallelism(),
    // Tests of finalizers call the collector themselves.
    execArgv: ['--expose-gc'],
    // Limits, not expectations: Wine on a shared machine is many times slower than a test needs.
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
