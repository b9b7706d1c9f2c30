// npm run bench [-- NAME] [--windows] [arguments]: runs the benchmarks of bench/, or one of them. With --windows on
// Linux: in Windows' node.exe under Wine. The results also go to build/bench.json; a run of all of them, or --chart, draws
// docs/bench.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { benchChart } from './lib/bench-chart.mjs';
import { ensureEngineLibrary } from './lib/engine-library.mjs';
import { ensureReady } from './lib/ensure-ready.mjs';
import { filesUnder } from './lib/files.mjs';
import { announce, inProject } from './lib/project.mjs';
import { exitCodeOf, main, Stop } from './lib/run.mjs';
import { compiled } from './lib/type-script.mjs';
import { treeFolder } from './windows/folders.mjs';
import { ensureWindowsLane, nodeVersions } from './windows/lane.mjs';
import { runWindowsNode } from './windows/wine.mjs';

const results = 'build/bench.json';

main(async (args) => {
  const all = filesUnder('bench', ['.ts']).flatMap((file) => /^bench\/([^/]+)\/main\.ts$/.exec(file)?.[1] ?? []);
  const [first, ...rest] = args;
  const names = first === undefined || first.startsWith('-') ? all : [first];
  const options = (names === all ? args : rest).filter((option) => !['--windows', '--chart'].includes(option));
  if (!all.includes(names[0])) throw new Stop(`npm run bench -- NAME, where NAME is one of: ${all.join(', ')}`);
  const runOne = args.includes('--windows') && process.platform !== 'win32' ? runUnderWine : runHere;
  let failed = 0;
  for (const name of names) failed += (await runOne(name, options)) === 0 ? 0 : 1;
  if (names === all || args.includes('--chart')) drawCharts();
  return failed === 0 ? 0 : 1;
});

/** One a platform: docs/bench/linux-x64.svg. */
function drawCharts() {
  const rows = JSON.parse(readFileSync(inProject(results), 'utf8'));
  mkdirSync(inProject('docs/bench'), { recursive: true });
  for (const platform of new Set(rows.map((row) => row.platform))) {
    const its = rows.filter((row) => row.platform === platform);
    const file = `docs/bench/${platform.replace(' ', '-')}.svg`;
    writeFileSync(inProject(file), benchChart(its, platform));
    announce(`chart: ${file}`);
  }
}

function runHere(name, options) {
  ensureReady({ tests: false });
  const library = process.platform === 'win32' ? [] : [`--library=${ensureEngineLibrary()}`];
  const program = compiled(`bench/${name}/main.ts`);
  announce(`bench/${name}`);
  return exitCodeOf(process.execPath, [program, ...library, ...options]);
}

async function runUnderWine(name, options) {
  ensureWindowsLane();
  const run = path.dirname(compiled(`bench/${name}/main.ts`));
  const folder = path.join(treeFolder, 'build/run');
  rmSync(folder, { recursive: true, force: true });
  cpSync(path.resolve(run, '../..'), folder, { recursive: true });
  const resultsThere = path.join(treeFolder, results);
  if (existsSync(inProject(results))) cpSync(inProject(results), resultsThere);
  const [version] = nodeVersions;
  announce(`bench/${name} in node.exe ${version} under Wine`);
  const code = await runWindowsNode(version, [`build/run/bench/${name}/main.js`, ...options], { name: 'bench' });
  if (code === 0) cpSync(resultsThere, inProject(results));
  else announce(`bench/${name}: exit code ${code}`);
  return code;
}
