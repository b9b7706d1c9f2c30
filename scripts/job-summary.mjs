// node scripts/job-summary.mjs: what npm run conformance found (build/conformance.json) and a trace recorded meanwhile
// (build/trace/counts.json) as the page of a CI job, or printed where there is no such page. Exit code 1 if a statement
// with a gate failed.
import { existsSync, readFileSync } from 'node:fs';
import { writeSummary } from './conformance/summary.mjs';
import { inProject } from './lib/project.mjs';
import { main, Stop } from './lib/run.mjs';

const read = (file) => JSON.parse(readFileSync(inProject(file), 'utf8'));

main(() => {
  if (!existsSync(inProject('build/conformance.json')))
    throw new Stop('build/conformance.json is missing: npm run conformance');
  const rows = read('build/conformance.json');
  const statements = ['websocket', 'winhttp'].flatMap((name) => read(`test/conformance/${name}/statements.json`));
  const trace = existsSync(inProject('build/trace/counts.json')) ? read('build/trace/counts.json') : [];
  return writeSummary({ rows, statements, trace, file: process.env.GITHUB_STEP_SUMMARY });
});
