// npm run bench [-- NAME] [--node MAJOR] [--windows] [arguments]: runs the benchmarks of bench/, or one of them. With --node
// in another line of Node, from npm; with --windows on Linux in Windows' node.exe under Wine. The results also go to
// build/bench.json; a run of all of them, or --chart, draws docs/bench.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ensureEngineLibrary } from '../tools/native-build/engine-library.mjs';
import { withRealm } from '../tools/realm/realm.mjs';
import { treeFolder } from '../tools/windows/folders.mjs';
import { ensureWindowsLane } from '../tools/windows/lane.mjs';
import { runWindowsNode } from '../tools/windows/wine.mjs';
import { ensureReady } from './lib/ensure-ready.mjs';
import { filesUnder } from './lib/files.mjs';
import { ensureNode } from './lib/other-node.mjs';
import { writePictures } from './lib/pictures.mjs';
import { announce, inProject } from './lib/project.mjs';
import { exitCodeOf, main, Stop } from './lib/run.mjs';
import { ensureSystemPackages, hasPrograms } from './lib/system-packages.mjs';
import { compiled } from './lib/type-script.mjs';

const results = 'build/bench.json';

/** Benchmarks that need the servers of tools/realm. */
const WITH_REALM = ['auth'];

main(async (args) => {
  const all = filesUnder('bench', ['.ts']).flatMap((file) => /^bench\/([^/]+)\/main\.ts$/.exec(file)?.[1] ?? []);
  const { windows, chart, node, rest } = ownOptions(args);
  const [first, ...others] = rest;
  const isAll = first === undefined || first.startsWith('-');
  const names = isAll ? all.filter(canRun) : [first];
  const options = isAll ? rest : others;
  if (!all.includes(names[0])) throw new Stop(`npm run bench -- NAME, where NAME is one of: ${all.join(', ')}`);
  const runOne = windows && process.platform !== 'win32' ? runUnderWine : runHere;
  let failed = 0;
  for (const name of names) {
    const run = (env) => runOne(name, options, { node, env });
    const code = await (WITH_REALM.includes(name) ? runWithRealm(run) : run());
    failed += code === 0 ? 0 : 1;
  }
  if (isAll || chart) drawCharts();
  return failed === 0 ? 0 : 1;
});

/** Separates the options of this script from those of the benchmark. */
function ownOptions(args) {
  const rest = args.filter((option) => !['--windows', '--chart'].includes(option));
  const at = rest.indexOf('--node');
  const node = at < 0 ? undefined : rest.splice(at, 2)[1];
  if (at >= 0 && node === undefined) throw new Stop('--node needs a major version, for example --node 24');
  return { windows: args.includes('--windows'), chart: args.includes('--chart'), node, rest };
}

/** One chart for each platform and major version of Node: docs/bench/linux-x64-node-24.svg. */
function drawCharts() {
  const rows = JSON.parse(readFileSync(inProject(results), 'utf8'));
  mkdirSync(inProject('docs/bench'), { recursive: true });
  const chartOf = ({ platform, node }) => `${platform.replace(' ', '-')}-node-${node.split('.')[0]}`;
  for (const name of new Set(rows.map(chartOf))) {
    const its = rows.filter((row) => chartOf(row) === name);
    writeFileSync(inProject(`docs/bench/${name}.json`), `${JSON.stringify(its, null, 2)}\n`);
  }
  writePictures();
}

/** A run of all installs no packages. */
function canRun(name) {
  if (!WITH_REALM.includes(name) || hasPrograms('auth')) return true;
  announce(`left out: ${name}, whose packages are missing (npm run bench -- ${name})`);
  return false;
}

function runWithRealm(run) {
  ensureSystemPackages('auth');
  announce('starting KDCs, Apache and squid on loopback');
  return withRealm(run);
}

function runHere(name, options, { node: major, env = {} }) {
  ensureReady({ tests: false });
  const node = major === undefined ? process.execPath : ensureNode(major);
  const library = process.platform === 'win32' ? [] : [`--library=${ensureEngineLibrary()}`];
  const program = compiled(`bench/${name}/main.ts`);
  announce(`bench/${name}${major === undefined ? '' : ` in Node ${major}`}`);
  const args = ['--expose-gc', program, ...library, ...options];
  return exitCodeOf(node, args, { env: { ...process.env, ...env } });
}

async function runUnderWine(name, options, { node = 'oldest', env }) {
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
    env,
  });
  if (code === 0) cpSync(resultsThere, inProject(results));
  else announce(`bench/${name}: exit code ${code}`);
  return code;
}
