// npm run conformance: the WS and RQ statements against every backend of this platform, the results as
// build/conformance.json and the page docs/conformance.md.
//   --windows    also in Windows' node.exe under Wine (Linux)
//   --real-time  lets the 35 seconds of WS-279 pass
//   --check      runs nothing: only says whether the page is what the recorded results and the statements make
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { renderPage, titleOf } from '../tools/conformance-pages/page.mjs';
import { isUniform, kinds, recordRuns, resultsById, runsOf } from '../tools/conformance-pages/results.mjs';
import { renderWinHttpPart } from '../tools/conformance-pages/winhttp-page.mjs';
import { treeFolder } from '../tools/windows/folders.mjs';
import { ensureWindowsLane } from '../tools/windows/lane.mjs';
import { runWindowsNode } from '../tools/windows/wine.mjs';
import { ensureReady } from './lib/ensure-ready.mjs';
import { nodeLines } from './lib/node-lines.mjs';
import { announce, inProject } from './lib/project.mjs';
import { exitCodeOf, main, Stop } from './lib/run.mjs';
import { resultsFolder, vitestArgs } from './lib/vitest.mjs';

const rowsFile = inProject('build/conformance.json');
const pageFile = inProject('docs/conformance.md');
const options = ['--windows', '--real-time', '--check'];

/** Each has statements, recorded runs and a part of the page. */
const components = [
  {
    statements: readJson('test/conformance/websocket/statements.json'),
    record: 'docs/conformance.json',
    renderPart: renderPage,
  },
  {
    statements: readJson('test/conformance/winhttp/statements.json'),
    record: 'docs/conformance-winhttp.json',
    renderPart: renderWinHttpPart,
  },
];

main(async (args) => {
  const unknown = args.filter((arg) => !options.includes(arg));
  if (unknown.length > 0) throw new Stop(`unknown option ${unknown.join(' ')}; there are ${options.join(', ')}`);
  if (args.includes('--check')) return check();

  const env = args.includes('--real-time') ? { WINWIRE_CONFORMANCE_REAL_TIME: '1' } : {};
  const runs = [await runHere(env)];
  if (args.includes('--windows')) runs.push(await runUnderWine(env));
  const rows = runs.flatMap((run) => run.rows);
  writeFileSync(rowsFile, `${JSON.stringify(rows, null, 2)}\n`);
  for (const component of components) record(component, rows);
  writeFileSync(pageFile, page());
  announce('written: build/conformance.json, docs/conformance.md and the runs that the page is made from');
  for (const { id, provider, result, message } of rows) {
    if (result !== 'pass') console.log(`${id} ${provider}: ${result}: ${message}`);
  }
  return runs.some(({ code }) => code !== 0) ? 1 : 0;
});

async function runHere(env) {
  ensureReady();
  announce('vitest: the conformance statements');
  const name = 'conformance';
  const file = inProject(resultsFolder, `${name}.json`);
  rmSync(file, { force: true });
  const vitest = inProject('node_modules/vitest/vitest.mjs');
  const code = await exitCodeOf(process.execPath, [vitest, ...conformanceArgs(name)], {
    env: { ...process.env, ...env },
  });
  return { code, rows: readRows(file) };
}

async function runUnderWine(env) {
  if (process.platform !== 'linux') throw new Stop('--windows is for Linux with Wine');
  ensureWindowsLane();
  announce(`vitest in node.exe ${nodeLines[0]} under Wine: the conformance statements`);
  const name = 'conformance-windows';
  const file = path.join(treeFolder, resultsFolder, `${name}.json`);
  rmSync(file, { force: true });
  const args = ['node_modules/vitest/vitest.mjs', ...conformanceArgs(name)];
  const code = await runWindowsNode(nodeLines[0], args, { name: 'conformance', env });
  return { code, rows: readRows(file) };
}

// The limit is that of WS-279 in real time.
function conformanceArgs(name) {
  return vitestArgs(name, ['test/conformance', '--testTimeout=120000']);
}

/** Returns the results in the tests' meta, by lane and number. */
function readRows(file) {
  if (!existsSync(file)) throw new Stop('vitest ended before it wrote any result');
  const { testResults } = JSON.parse(readFileSync(file, 'utf8'));
  const rows = testResults.flatMap((module) => module.assertionResults.flatMap(({ meta }) => meta.conformance ?? []));
  return rows.sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
}

function placeOf(row) {
  return `${isUniform(row) ? 0 : 1} ${row.backend} ${row.id}`;
}

function record({ statements, record: file }, rows) {
  const ids = new Set(statements.map(({ id }) => id));
  const runs = runsOf(
    rows.filter(({ id }) => ids.has(id)),
    statements,
  );
  mkdirSync(path.dirname(inProject(file)), { recursive: true });
  writeFileSync(inProject(file), `${JSON.stringify(recordRuns(recorded(file), runs), null, 2)}\n`);
  for (const run of runs) {
    const results = [...resultsById(run, statements).values()];
    const counts = kinds.map((kind) => `${results.filter((result) => result === kind).length} ${kind}`);
    console.log(`${titleOf(run)}: ${counts.join(', ')}`);
  }
}

function page() {
  return components.map(({ statements, record, renderPart }) => renderPart(statements, recorded(record))).join('\n');
}

function check() {
  if (existsSync(pageFile) && readFileSync(pageFile, 'utf8') === page()) return 0;
  throw new Stop('docs/conformance.md is out of date: npm run conformance');
}

function recorded(file) {
  return existsSync(inProject(file)) ? readJson(file) : [];
}

function readJson(file) {
  return JSON.parse(readFileSync(inProject(file), 'utf8'));
}
