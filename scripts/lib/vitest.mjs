// Runs vitest.
import { inProject } from './project.mjs';
import { exitCodeOf } from './run.mjs';

/** The folder of each run's results, from which `npm run` commands count tests. */
export const resultsFolder = 'build/test-results';

export const vitestArgs = (name, args) => [
  'run',
  '--reporter=default',
  '--reporter=./scripts/lib/results-reporter.mjs',
  `--outputFile.json=${resultsFolder}/${name}.json`,
  ...args,
];

/** Runs the suite, by default with this Node. */
export function runVitest(args, { program = process.execPath, name = process.platform, env } = {}) {
  return exitCodeOf(program, [inProject('node_modules/vitest/vitest.mjs'), ...vitestArgs(name, args)], { env });
}
