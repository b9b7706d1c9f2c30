// npm run conformance: the WS statements against every backend of this platform, the results as build/conformance.json
// and the page docs/conformance.md.
//   --windows    also in Windows' node.exe under Wine (Linux)
//   --real-time  lets the 35 seconds of WS-279 pass
//   --check      runs nothing: only says whether the page is what the recorded results and the statements make
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { renderPage } from './conformance/page.mjs';
import { kinds, recordRuns, resultsById, runsOf } from './conformance/results.mjs';
import { ensureReady } from './lib/ensure-ready.mjs';
import { announce, inProject } from './lib/project.mjs';
import { exitCodeOf, main, Stop } from './lib/run.mjs';
import { resultsFolder, vitestArgs } from './lib/vitest.mjs';
import { treeFolder } from './windows/folders.mjs';
import { ensureWindowsLane, nodeVersions } from './windows/lane.mjs';
import { runWindowsNode } from './windows/wine.mjs';

const rowsFile = inProject('build/conformance.json');
const recordFile = inProject('docs/conformance.json');
const pageFile = inProject('docs/conformance.md');
const options = ['--windows', '--real-time', '--check'];

main(async (args) => {
  const unknown = args.filter((arg) => !options.includes(arg));
  if (unknown.length > 0) throw new Stop(`unknown option ${unknown.join(' ')}; there are ${options.join(', ')}`);
  if (args.includes('--check')) return check();

  const env = args.includes('--real-time') ? { WINWIRE_CONFORMANCE_REAL_TIME: '1' } : {};
  const runs = [runHere(env)];
  if (args.includes('--windows')) runs.push(await runUnderWine(env));
  const rows = runs.flatMap((run) => run.rows);
  writeFileSync(rowsFile, `${JSON.stringify(rows, null, 2)}\n`);
  const recorded = recordRuns(readRecord(), runsOf(rows, statements()));
  writeFileSync(recordFile, `${JSON.stringify(recorded, null, 2)}\n`);
  writeFileSync(pageFile, renderPage(statements(), recorded));
  announce('written: build/conformance.json, docs/conformance.json and docs/conformance.md');
  return report(rows, runs);
});

function runHere(env) {
  ensureReady();
  announce('vitest: the conformance statements');
  const name = 'conformance';
  const file = inProject(resultsFolder, `${name}.json`);
  rmSync(file, { force: true });
  const vitest = inProject('node_modules/vitest/vitest.mjs');
  const code = exitCodeOf(process.execPath, [vitest, ...conformanceArgs(name)], { env: { ...process.env, ...env } });
  return { code, rows: readRows(file) };
}

async function runUnderWine(env) {
  if (process.platform !== 'linux') throw new Stop('--windows is for Linux with Wine');
  ensureWindowsLane();
  announce(`vitest in node.exe ${nodeVersions[0]} under Wine: the conformance statements`);
  const name = 'conformance-windows';
  const file = path.join(treeFolder, resultsFolder, `${name}.json`);
  rmSync(file, { force: true });
  const args = ['node_modules/vitest/vitest.mjs', ...conformanceArgs(name)];
  const code = await runWindowsNode(nodeVersions[0], args, { name: 'conformance', env });
  return { code, rows: readRows(file) };
}

// The limit is that of WS-279 in real time.
const conformanceArgs = (name) => vitestArgs(name, ['test/conformance', '--testTimeout=120000']);

/** What the tests left in their meta. */
function readRows(file) {
  if (!existsSync(file)) throw new Stop('vitest ended before it wrote any result');
  const { testResults } = JSON.parse(readFileSync(file, 'utf8'));
  return testResults.flatMap(({ assertionResults }) => assertionResults.flatMap(({ meta }) => meta.conformance ?? []));
}

const statements = () => JSON.parse(readFileSync(inProject('test/conformance/websocket/statements.json'), 'utf8'));

const readRecord = () => (existsSync(recordFile) ? JSON.parse(readFileSync(recordFile, 'utf8')) : []);

function report(rows, runs) {
  for (const { id, provider, result, message } of rows) {
    if (result !== 'pass') console.log(`${id} ${provider}: ${result}: ${message}`);
  }
  for (const run of runsOf(rows, statements())) {
    const results = [...resultsById(run, statements()).values()];
    const counts = kinds.map((kind) => `${results.filter((result) => result === kind).length} ${kind}`);
    console.log(`${run.provider} (${run.platform}): ${counts.join(', ')}`);
  }
  return runs.some(({ code }) => code !== 0) ? 1 : 0;
}

function check() {
  const expected = renderPage(statements(), readRecord());
  if (existsSync(pageFile) && readFileSync(pageFile, 'utf8') === expected) return 0;
  throw new Stop('docs/conformance.md is out of date: npm run conformance');
}
