// node scripts/test-totals.mjs FAILED-STEPS: adds up the results that the vitest runs left, and the steps that failed.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { filesUnder } from './lib/files.mjs';
import { inProject } from './lib/project.mjs';
import { main } from './lib/run.mjs';
import { resultsFolder } from './lib/vitest.mjs';

main(([failedSteps]) => {
  const files = filesUnder(resultsFolder, ['.json']);
  const runs = files.map((file) => ({ file, ...JSON.parse(readFileSync(inProject(file), 'utf8')) }));
  for (const { file, numPassedTests, numFailedTests, numPendingTests } of runs) {
    const name = path.basename(file, '.json');
    console.log(`${name}: ${numPassedTests} of ${numPassedTests + numFailedTests} passed, ${numPendingTests} skipped`);
  }
  const sum = (field) => runs.reduce((total, run) => total + run[field], 0);
  const failed = sum('numFailedTests') + Number(failedSteps);
  console.log(`${sum('numPassedTests')} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
});
