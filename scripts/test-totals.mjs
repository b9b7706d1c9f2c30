// node scripts/test-totals.mjs [FAILED-STEP…]: adds up the results that the vitest runs left and the steps that failed, and
// names each failure: the end of a long log is what is read.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { filesUnder } from './lib/files.mjs';
import { inProject } from './lib/project.mjs';
import { main } from './lib/run.mjs';
import { testTotals } from './lib/test-totals.mjs';
import { resultsFolder } from './lib/vitest.mjs';

main((failedSteps) => {
  const runs = filesUnder(resultsFolder, ['.json']).map((file) => ({
    name: path.basename(file, '.json'),
    ...JSON.parse(readFileSync(inProject(file), 'utf8')),
  }));
  const { lines, failed } = testTotals(runs, failedSteps);
  console.log(lines.join('\n'));
  return failed === 0 ? 0 : 1;
});
