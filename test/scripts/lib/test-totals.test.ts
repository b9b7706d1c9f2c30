import { expect, it } from 'vitest';
import { importScript } from '../../helpers/script.ts';

const { testTotals } = await importScript('scripts/lib/test-totals.mjs');

const passed = { status: 'passed', fullName: 'adds', failureMessages: [] };
const failed = { status: 'failed', fullName: 'divides by zero', failureMessages: ['Error: expected 1\n    at line 3'] };

function run(name: string, testResults: readonly object[], [passes, failures, skipped] = [0, 0, 0]) {
  const counts = { numPassedTests: passes, numFailedTests: failures, numPendingTests: skipped };
  return { name, testResults, unfinishedFiles: [] as string[], unhandledErrors: [] as string[], ...counts };
}

it('adds up the runs', () => {
  const file = { name: 'a.test.ts', status: 'passed', message: '', assertionResults: [passed] };
  const runs = [run('linux', [file], [3, 0, 2]), run('package', [], [4, 0, 0])];
  const lines = ['linux: 3 of 3 passed, 2 skipped', 'package: 4 of 4 passed, 0 skipped', '7 passed, 0 failed'];
  expect(testTotals(runs, [])).toEqual({ lines, failed: 0 });
});

it('names each failed test, file and step', () => {
  const files = [
    { name: 'a.test.ts', status: 'failed', message: '', assertionResults: [passed, failed] },
    { name: 'b.test.ts', status: 'failed', message: 'SyntaxError: x\nat y', assertionResults: [] },
  ];
  expect(testTotals([run('linux', files, [1, 1, 0])], ['npm run lint'])).toEqual({
    lines: [
      'failed: linux: a.test.ts > divides by zero: Error: expected 1',
      'failed: linux: b.test.ts: SyntaxError: x',
      'failed: npm run lint',
      'linux: 1 of 2 passed, 0 skipped',
      '1 passed, 2 failed',
    ],
    failed: 2,
  });
});

it('names what failed outside of tests', () => {
  const error = '[vitest-pool]: Worker forks emitted error. Worker exited unexpectedly';
  const died = { ...run('wine', [], [1, 0, 0]), unfinishedFiles: ['all: c.test.ts'], unhandledErrors: [error] };
  expect(testTotals([died], ['npm run test:windows'])).toEqual({
    lines: [
      'failed: wine: all: c.test.ts: did not end',
      `failed: wine: outside of tests: ${error}`,
      'failed: npm run test:windows',
      'wine: 1 of 1 passed, 0 skipped',
      '1 passed, 1 failed',
    ],
    failed: 1,
  });
});
