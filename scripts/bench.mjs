// npm run bench [-- NAME] [--node MAJOR] [--windows] [arguments]: runs the benchmarks of bench/, or one of them. With --node
// in another line of Node, from npm; with --windows on Linux in Windows' node.exe under Wine. The results also go to
// build/bench.json; a run of all of them, or --chart, draws docs/bench.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { benchChart } from '../tools/bench-chart/bench-chart.mjs';
import { ensureEngineLibrary } from './lib/engine-library.mjs';
import { ensureReady } from './lib/ensure-ready.mjs';
import { filesUnder } from './lib/files.mjs';
import { ensureNode } from './lib/other-node.mjs';
import { announce, inProject } from './lib/project.mjs';
import { exitCodeOf, main, Stop } from './lib/run.mjs';
import { compiled } from './lib/type-script.mjs';
import { treeFolder } from './windows/folders.mjs';
import { ensureWindowsLane } from './windows/lane.mjs';
import { runWindowsNode } from './windows/wine.mjs';

const results = 'build/bench.json';

main(async (args) => {
  const all = filesUnder('bench', ['.ts']).flatMap((file) => /^bench\/([^/]+)\/main\.ts$/.exec(file)?.[1] ?? []);
  const { windows, chart, node, rest } = ownOptions(args);
  const [first, ...others] = rest;
  const names = first === undefined || first.startsWith('-') ? all : [first];
  const options = names === all ? rest : others;
  if (!all.includes(names[0])) throw new Stop(`npm run bench -- NAME, where NAME is one of: ${all.join(', ')}`);
  const runOne = windows && process.platform !== 'win32' ? runUnderWine : runHere;
  let failed = 0;
  for (const name of names) failed += (await runOne(name, options, node)) === 0 ? 0 : 1;
  if (names === all || chart) drawCharts();
  return failed === 0 ? 0 : 1;
});

/** The options of this script, and the rest, which are the benchmark's. */
function ownOptions(args) {
  const rest = args.filter((option) => !['--windows', '--chart'].includes(option));
  const at = rest.indexOf('--node');
  const node = at < 0 ? undefined : rest.splice(at, 2)[1];
  if (at >= 0 && node === undefined) throw new Stop('--node needs a major version, for example --node 24');
  return { windows: args.includes('--windows'), chart: args.includes('--chart'), node, rest };
}

/** One for each platform and major version of Node: docs/bench/linux-x64-node-24.svg. */
function drawCharts() {
  const rows = JSON.parse(readFileSync(inProject(results), 'utf8'));
  mkdirSync(inProject('docs/bench'), { recursive: true });
  const chartOf = ({ platform, node }) => `${platform.replace(' ', '-')}-node-${node.split('.')[0]}`;
  for (const name of new Set(rows.map(chartOf))) {
    const its = rows.filter((row) => chartOf(row) === name);
    writeFileSync(inProject(`docs/bench/${name}.svg`), benchChart(its, its[0].platform));
    announce(`chart: docs/bench/${name}.svg`);
  }
}

function runHere(name, options, major) {
  ensureReady({ tests: false });
  const node = major === undefined ? process.execPath : ensureNode(major);
  const library = process.platform === 'win32' ? [] : [`--library=${ensureEngineLibrary()}`];
  const program = compiled(`bench/${name}/main.ts`);
  announce(`bench/${name}${major === undefined ? '' : ` in Node ${major}`}`);
  return exitCodeOf(node, ['--expose-gc', program, ...library, ...options]);
}

async function runUnderWine(name, options, node = 'oldest') {
  const [version] = ensureWindowsLane({ node }).nodes;
  const run = path.dirname(compiled(`bench/${name}/main.ts`));
  const folder = path.join(treeFolder, 'build/run');
  rmSync(folder, { recursive: true, force: true });
  cpSync(path.resolve(run, '../..'), folder, { recursive: true });
  const resultsThere = path.join(treeFolder, results);
  if (existsSync(inProject(results))) cpSync(inProject(results), resultsThere);
  announce(`bench/${name} in node.exe ${version} under Wine`);
  const code = await runWindowsNode(version, ['--expose-gc', `build/run/bench/${name}/main.js`, ...options], {
    name: 'bench',
  });
  if (code === 0) cpSync(resultsThere, inProject(results));
  else announce(`bench/${name}: exit code ${code}`);
  return code;
}
