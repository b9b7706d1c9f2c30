// The two parts of the code that mutants are created from.
import { readFileSync } from 'node:fs';
import { filesUnder } from '../../scripts/lib/files.mjs';
import { inProject } from '../../scripts/lib/project.mjs';
import { mutantsOf as engineMutants } from './engine-operators.mjs';
import { prepare as prepareEngine } from './engine-run.mjs';
import { mutantsOf as libMutants } from './lib-operators.mjs';
import { prepare as prepareLib } from './lib-run.mjs';

const mutantsIn = (folders, extensions, mutantsOf) => () =>
  folders
    .flatMap((folder) => filesUnder(folder, extensions))
    .flatMap((name) => mutantsOf(name, readFileSync(inProject(name), 'utf8')));

export const subjects = [
  {
    title: 'Mutations of the engine',
    folder: 'native/engine/',
    mutants: mutantsIn(['native/engine'], ['.cc', '.h'], engineMutants),
    prepare: prepareEngine,
    wantedScore: 90,
    /** Per file; the page is written when this many mutants have a result. */
    wantedSample: Infinity,
    reasonsFile: 'native/test/mutation-survivors.json',
    pageFile: 'docs/mutation.md',
    introduction: [
      'A test that cannot fail is worth nothing. `npm run mutate` changes one condition of the engine at a time (a',
      'comparison, a logical operator, a negation, a constant, a sign, a guard), builds it, and runs the tests of',
      '`native/test`. A mutant is caught if a test fails, the program crashes, or it does not end; one that none of this',
      'happens to is tried again under AddressSanitizer and UndefinedBehaviorSanitizer. Mutants that the compiler',
      'turns into the same code as the original, or as another mutant, and those that do not compile are not counted.',
    ],
  },
  {
    title: 'Mutations of the TypeScript',
    folder: 'lib/',
    mutants: mutantsIn(
      ['lib/websocket/connection', 'lib/websocket/web', 'lib/winhttp/portable', 'lib/http1', 'lib/diagnostics'],
      ['.ts'],
      libMutants,
    ),
    prepare: prepareLib,
    wantedScore: 85,
    wantedSample: 5,
    reasonsFile: 'test/mutation-survivors.json',
    pageFile: 'docs/mutation-lib.md',
    introduction: [
      '`npm run mutate` makes the [same changes](mutation.md) one at a time in the TypeScript of WebSocket connections, of',
      'the `WebSocket` class, of the portable HTTP engine with the reader of HTTP/1 under it, and of the diagnostics. Each',
      'mutant runs with at most 30 of the test files that evaluate the changed expression, until one fails. A mutant is',
      'caught if a test fails, the process crashes, or a test that ends without the mutation does not end with it. Programs',
      'that tests start run dist, in which nothing is changed.',
    ],
  },
];
