import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeFolder, removeFolder } from '../../helpers/folder.ts';

const inProject = (file: string) => fileURLToPath(new URL(`../../../${file}`, import.meta.url));

const files = {
  'passes.test.js': "it('passes', () => {});",
  'dies-loading.test.js': 'process.kill(process.pid, "SIGKILL");',
  'dies-running.test.js': "it('dies', () => { process.kill(process.pid, 'SIGKILL'); });",
};

let root: string;
beforeEach(() => {
  root = makeFolder('results-reporter');
});
afterEach(() => removeFolder(root));

it('names the files of processes that died, loading or running them, and what vitest says of it', () => {
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(root, name), text);
  const words = ['run', '--root', root, '--globals', '--pool=forks', '--outputFile.json=results.json'];
  const reporter = `--reporter=${inProject('scripts/lib/results-reporter.mjs')}`;
  const { status } = spawnSync(process.execPath, [inProject('node_modules/vitest/vitest.mjs'), ...words, reporter]);
  const report = JSON.parse(readFileSync(path.join(root, 'results.json'), 'utf8'));
  expect(status).toBe(1);
  expect(report.numPassedTests).toBe(1);
  expect(report.unfinishedFiles.map((file: string) => path.basename(file)).toSorted()).toEqual([
    'dies-loading.test.js',
    'dies-running.test.js',
  ]);
  expect(report.unhandledErrors).toEqual(Array(2).fill(expect.stringContaining('Worker exited unexpectedly')));
});
