import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { standinRuns } from './test/helpers/standin.ts';

const inProject = (file: string) => fileURLToPath(new URL(file, import.meta.url));

/** TypeScript only, the same on every system, and slow under Wine, or in need of pipes that Node cannot open there. */
const NOT_UNDER_WINE = [
  'test/winhttp/portable/large-download.test.ts',
  'test/tunnel/many.test.ts',
  'test/tunnel/end.test.ts',
];

const ALL = ['test/**/*.test.ts'];
/** Loads the modules anew. */
const EMIT = 'test/websocket/connection/emit.test.ts';
/**
 * Suites of what belongs to a process, or is read when a module is loaded: each of their files runs in a separate one.
 * The others share some, since to start one and load the modules takes longer than most files (under Wine 2.5 s).
 */
const OWN_PROCESS = [
  'test/{backend,backends,entries,native}.test.ts',
  'test/{auth/real,conformance,docs,examples,install,integrity,native,package}/**/*.test.ts',
  'test/auth/auth-native*.test.ts',
  'test/diagnostics/debug-log*.test.ts',
  'test/proxy/{loading,permission,processes,settings-order}.test.ts',
  'test/tunnel/{end,many}.test.ts',
  'test/winhttp/portable/{certificate-trust,http-connection,large-download,timeouts,trust,unref}.test.ts',
  'test/winhttp/request/winhttp-process-end.test.ts',
  'test/winhttp/system/**/*.test.ts',
  EMIT,
];
/** Suites that pass messages through pumps, which parse in place or call the 13 functions. */
const WITH_PUMPS = ['test/websocket/{connection,server,web}/**/*.test.ts'];

/** Suites of the WebSocket class, whose answers are the same through a proxy. */
const THROUGH_TUNNEL = ['test/websocket/web/websocket{,-ends}.test.ts'];

/**
 * The suites that run over the permissive component as well (native/test/permissive), each without those variants whose
 * answer its tests are about. Files share no process: which variants a handle has depends on the handles before it.
 */
const OVER_PERMISSIVE = [
  {
    name: 'connections',
    include: WITH_PUMPS,
    // The tests look for the close that says what was wrong.
    without: ['no-send-after-fault'],
  },
  {
    name: 'cases',
    include: ['test/interop/protocol-cases-*.test.ts'],
    // Text that is not UTF-8 is refused at once, and not when its part is complete.
    without: ['no-send-after-fault', 'no-send-complete', 'large-parts'],
  },
  {
    name: 'examples',
    include: ['test/examples/endpoint.test.ts'],
    // The loop waits for the end of each of its sends.
    without: ['no-send-after-fault', 'no-send-complete'],
  },
  {
    name: 'functions',
    include: ['test/websocket/functions/**/*.test.ts'],
    // The tests are about what each action holds, on which queue, and with which code a call fails.
    without: [
      ...['extra-send-complete', 'no-send-complete', 'other-queue', 'idle', 'buffers', 'pieces', 'small-reads'],
      ...['small-parts', 'large-parts', 'abort', 'limits', 'codes', 'outputs'],
    ],
  },
];

/**
 * WINWIRE_PERMISSIVE_SEEDS is how many; none where another addon is tested. By default it is one: each handle has half of
 * the variants, so that the handles of a project have all of them.
 */
const permissiveSeeds =
  process.env.WINWIRE_BINDING || process.env.WINWIRE_PACKAGE_PROJECT
    ? []
    : Array.from(
        { length: Number(process.env.WINWIRE_PERMISSIVE_SEEDS ?? (process.env.WINWIRE_LANE === 'wine' ? 0 : 1)) },
        (_, index) => index + 1,
      );

/** The large messages take a minute: they run where the number of seeds is given. */
const LARGE_CASES = process.env.WINWIRE_PERMISSIVE_SEEDS ? [] : ['test/interop/protocol-cases-limits.test.ts'];

const permissiveProjects = permissiveSeeds.flatMap((seed) =>
  OVER_PERMISSIVE.map(({ name, include, without }) => ({
    extends: true as const,
    test: {
      name: `permissive ${name} ${seed}`,
      include,
      exclude: LARGE_CASES,
      env: {
        WINWIRE_BINDING: inProject('build/Release/winwire_permissive.node'),
        WINWIRE_PERMISSIVE_SEED: String(seed),
        WINWIRE_PERMISSIVE_WITHOUT: without.join(','),
      },
    },
  })),
);

const isUnderWine = process.env.WINWIRE_LANE === 'wine';

// test/package tests the packed package (npm run test:package). The tests of commands and scripts start some three
// hundred processes, two seconds each under Wine: test:windows runs them separately.
// test/auth/real needs the servers of npm run test:auth.
const excluded = [
  ...(process.env.WINWIRE_AUTH_REALM ? [] : ['test/auth/real/**']),
  ...(process.env.WINWIRE_PACKAGE_PROJECT ? [] : ['test/package/**']),
  ...(process.env.WINWIRE_PACKAGE_WINDOWS ? [] : ['test/package/windows.test.ts']),
  ...(isUnderWine ? NOT_UNDER_WINE : []),
  ...(isUnderWine && !process.env.WINWIRE_COMMANDS ? ['test/scripts/**', 'test/tools/**', 'test/cli/**'] : []),
];

/** Suites that use the COM object; Wine's lane repeats them for each mode of the stand-in. */
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
    setupFiles: [inProject('test/helpers/standin-setup.ts'), inProject('test/helpers/forget-servers.ts')],
    include: STANDIN_SUITES,
  },
}));

export default defineConfig({
  // The examples import the package by name; in the tests that is lib, not a second copy in dist.
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
            { extends: true, test: { name: 'own process', include: OWN_PROCESS, exclude: excluded } },
            {
              extends: true,
              test: {
                name: 'all',
                include: ALL,
                exclude: [...OWN_PROCESS, ...excluded],
                isolate: false,
                setupFiles: ['test/helpers/forget-servers.ts'],
              },
            },
            // Under Wine the backend that counts calls uses the functions anyway.
            ...(isUnderWine
              ? []
              : [
                  {
                    extends: true as const,
                    test: {
                      name: 'by functions',
                      include: WITH_PUMPS,
                      exclude: [EMIT],
                      isolate: false,
                      setupFiles: ['test/helpers/by-functions.ts'],
                    },
                  },
                  {
                    extends: true as const,
                    test: {
                      name: 'through a tunnel',
                      include: THROUGH_TUNNEL,
                      isolate: false,
                      setupFiles: ['test/helpers/through-tunnel.ts'],
                      env: { WINWIRE_THROUGH_TUNNEL: '1' },
                    },
                  },
                ]),
            ...permissiveProjects,
          ],
    tags: [
      { name: 'start', description: 'Starts a command with a group of its options: run under Wine on every change.' },
    ],
    pool: 'forks',
    // A suite waits more than it computes.
    maxWorkers: availableParallelism(),
    // Tests of finalizers call the garbage collector.
    execArgv: ['--expose-gc'],
    // Limits, not expectations: Wine on a shared machine is far slower than a test needs.
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
