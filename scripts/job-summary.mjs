// node scripts/job-summary.mjs: what npm run conformance found (build/conformance.json), a trace recorded meanwhile
// (build/trace/counts.json) and a comparison (build/parity.json) as the page of a CI job, or printed where there is no such
// page. Exit code 1 if a statement with a gate failed.
import { existsSync, readFileSync } from 'node:fs';
import { writeSummary } from '../tools/conformance-pages/summary.mjs';
import { inProject } from './lib/project.mjs';
import { main, Stop } from './lib/run.mjs';

const read = (file) => JSON.parse(readFileSync(inProject(file), 'utf8'));
const readIfThere = (file) => (existsSync(inProject(file)) ? read(file) : undefined);

main(() => {
  if (!existsSync(inProject('build/conformance.json')))
    throw new Stop('build/conformance.json is missing: npm run conformance');
  const rows = read('build/conformance.json');
  const statements = ['websocket', 'winhttp'].flatMap((name) => read(`test/conformance/${name}/statements.json`));
  const [trace, parity] = ['build/trace/counts.json', 'build/parity.json'].map(readIfThere);
  return writeSummary({ rows, statements, trace, parity, file: process.env.GITHUB_STEP_SUMMARY });
});
