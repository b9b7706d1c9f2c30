/**
 * What the vitest runs say together: the lines to print, failures first, and how many failed. A run is its name with the
 * report of results-reporter.mjs.
 */
export function testTotals(runs, failedSteps) {
  const sum = (field) => runs.reduce((total, run) => total + run[field], 0);
  const failed = sum('numFailedTests') + failedSteps.length;
  const lines = [
    ...runs.flatMap((run) => failuresOf(run).map((failure) => `failed: ${run.name}: ${failure}`)),
    ...failedSteps.map((step) => `failed: ${step}`),
    ...runs.map(
      ({ name, numPassedTests, numFailedTests, numPendingTests }) =>
        `${name}: ${numPassedTests} of ${numPassedTests + numFailedTests} passed, ${numPendingTests} skipped`,
    ),
    `${sum('numPassedTests')} passed, ${failed} failed`,
  ];
  return { lines, failed };
}

/** The failed tests with the first line of their errors, the files that could not run, and what was outside of tests. */
function failuresOf({ testResults, unfinishedFiles, unhandledErrors }) {
  return [
    ...testResults.flatMap(failuresIn),
    ...unfinishedFiles.map((name) => `${name}: did not end`),
    ...unhandledErrors.map((error) => `outside of tests: ${error}`),
  ];
}

function failuresIn({ name, status, message, assertionResults }) {
  const failed = assertionResults.filter((test) => test.status === 'failed');
  if (failed.length === 0) return status === 'failed' ? [`${name}: ${firstLine(message)}`] : [];
  return failed.map((test) => `${name} > ${test.fullName}: ${firstLine(test.failureMessages[0])}`);
}

function firstLine(text = '') {
  return text.split('\n', 1)[0];
}
