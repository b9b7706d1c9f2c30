// npm run test:windows: the suite in Windows' own node.exe. On Windows that is npm test; on Linux it is cross-built with
// MinGW and run under Wine, where our engine stands in for websocket.dll.
//   --node LINES    the lines of Node, as 20,22 or all; else the oldest and the newest that the Wine runs
//   --wine MAJOR    8 or 10; else this system's. Another one is brought in a Debian of its own (root, 1.2 GB)
//   --standin RUNS  only the system suites, over the stand-in for the COM object: `all`, or modes joined by `+`, runs by `,`
//                   (test/helpers/standin.ts). Without arguments two such runs follow the suite
//   --commands      in place of the suite all of test/cli and test/scripts, in one line of Node: without it, and without
//                   files to run, those of them that are tagged `start`
// Other arguments go to vitest.
import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { takeOption } from './lib/arguments.mjs';
import { ensureReady } from './lib/ensure-ready.mjs';
import { announce, inProject } from './lib/project.mjs';
import { main, Stop } from './lib/run.mjs';
import { resultsFolder, runVitest, vitestArgs } from './lib/vitest.mjs';
import { treeFolder } from './windows/folders.mjs';
import { ensureWindowsLane } from './windows/lane.mjs';
import { runWindowsNode } from './windows/wine.mjs';

// A suite waits more than it computes.
const atOnce = 2;

main(async (words) => {
  if (process.platform === 'win32') {
    ensureReady();
    return runVitest(words);
  }
  if (process.platform !== 'linux') throw new Stop('npm run test:windows needs Windows, or Linux with Wine');
  const { value: node, rest } = takeOption(words, 'node');
  const { value: major, rest: others } = takeOption(rest, 'wine');
  const { value: standin, rest: further } = takeOption(others, 'standin');
  const args = further.filter((word) => word !== '--commands');
  const { wine, nodes } = ensureWindowsLane({ node, wine: major });
  if (args.length < further.length) return runCommands(wine, nodes[0], args);
  if (standin !== undefined) return runStandin(wine, nodes[0], args, standin);
  const codes = [];
  for (let index = 0; index < nodes.length; index += atOnce) {
    const some = nodes.slice(index, index + atOnce);
    announce(`vitest in node.exe ${some.join(' and ')} under Wine ${wine.major}`);
    // The first one's output is shown as it comes, the other's at the end.
    codes.push(...(await Promise.all(some.map((version) => runSuite(wine, version, args, version === some[0])))));
  }
  if (args.length === 0) {
    codes.push(await runStandin(wine, nodes[0], args, 'default'));
    codes.push(await runCommands(wine, nodes[0], ['--tags-filter=start']));
  }
  return codes.every((code) => code === 0) ? 0 : 1;
});

/** The system suites, over the stand-in for the COM object in these runs. */
function runStandin(wine, version, args, runs) {
  announce(`vitest in node.exe ${version} under Wine ${wine.major} over the stand-in for the COM object: ${runs}`);
  const name = `wine${wine.major}-standin-node${version}`;
  return runSuite(wine, version, args, true, { name, env: { WINWIRE_STANDIN: runs } });
}

/** Each test of a command or a script starts processes, which takes seconds under Wine. */
function runCommands(wine, version, args) {
  announce(`vitest in node.exe ${version} under Wine ${wine.major}: commands and scripts`);
  const name = `wine${wine.major}-commands-node${version}`;
  return runSuite(wine, version, ['test/cli', 'test/scripts', ...args], true, { name, env: { WINWIRE_COMMANDS: '1' } });
}

async function runSuite(wine, version, args, live, { name = `wine${wine.major}-node${version}`, env } = {}) {
  const results = path.join(treeFolder, resultsFolder, `${name}.json`);
  rmSync(results, { force: true });
  const options = { wine, live, env, name: `vitest-${name}` };
  const code = await runWindowsNode(version, ['node_modules/vitest/vitest.mjs', ...vitestArgs(name, args)], options);
  mkdirSync(inProject(resultsFolder), { recursive: true });
  if (existsSync(results)) copyFileSync(results, inProject(resultsFolder, `${name}.json`));
  announce(`node.exe ${version}: exit code ${code}`);
  return code;
}
