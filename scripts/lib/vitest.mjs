// Runs vitest.
import { inProject } from './project.mjs';
import { exitCodeOf } from './run.mjs';

/** Where each run leaves its results; `npm run` commands that count tests read them there. */
export const resultsFolder = 'build/test-results';

export const vitestArgs = (name, args) => [
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${resultsFolder}/${name}.json`,
  ...args,
];

/** Runs the suite, with this Node by default. */
export function runVitest(args, { program = process.execPath, name = process.platform } = {}) {
  return exitCodeOf(program, [inProject('node_modules/vitest/vitest.mjs'), ...vitestArgs(name, args)]);
}
