// npm run test:windows: the suite in Windows' own node.exe. On Windows that is npm test; on Linux it is cross-built with
// MinGW and run under Wine, where our engine stands in for websocket.dll.
//   --node LINES    the lines of Node, as 20,22 or all; else the newest that the Wine runs, and of the suite what is nearest to
//                   V8 and libuv in the oldest
//   --wine MAJOR    8 or 10; else this system's. Another one is installed in a separate Debian (root, 1.2 GB)
//   --standin RUNS  only the system suites, over the stand-in for the COM object: `all`, or modes joined by `+`, runs by `,`
//                   (test/helpers/standin.ts). Without arguments two such runs follow the suite
//   --commands      in place of the suite all of test/cli and test/scripts, in one line of Node: without it, and without
//                   files to run, those of them that are tagged `start`
// Other arguments go to vitest.
import { ensureWindowsLane } from '../tools/windows/lane.mjs';
import { runWindowsVitest } from '../tools/windows/wine-vitest.mjs';
import { takeOption } from './lib/arguments.mjs';
import { ensureReady } from './lib/ensure-ready.mjs';
import { announce } from './lib/project.mjs';
import { main, Stop } from './lib/run.mjs';
import { runVitest } from './lib/vitest.mjs';

const nearestToNode = ['test/native', 'test/integrity', 'test/websocket/connection'];

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
  if (args.length < further.length) return runCommands(wine, nodes.at(-1), args);
  if (standin !== undefined) return runStandin(wine, nodes.at(-1), args, standin);
  const isWhole = args.length === 0;
  const codes = [];
  // The newest first: one after the other, since wineserver does the work of all processes on one processor.
  for (const version of nodes.toReversed()) {
    const isPart = isWhole && node === undefined && version !== nodes.at(-1);
    codes.push(await runLine(wine, version, isPart ? nearestToNode : args));
  }
  if (isWhole) {
    codes.push(await runStandin(wine, nodes.at(-1), args, 'default'));
    codes.push(await runCommands(wine, nodes.at(-1), ['--tags-filter=start']));
  }
  return codes.every((code) => code === 0) ? 0 : 1;
});

function runLine(wine, version, args) {
  announce(`vitest in node.exe ${version} under Wine ${wine.major}`);
  return runSuite(wine, version, args);
}

/** Runs the system suites with the stand-in for the COM object. */
function runStandin(wine, version, args, runs) {
  announce(`vitest in node.exe ${version} under Wine ${wine.major} over the stand-in for the COM object: ${runs}`);
  const name = `wine${wine.major}-standin-node${version}`;
  return runSuite(wine, version, args, { name, env: { WINWIRE_STANDIN: runs } });
}

/** Each test of a command or a script starts processes, which takes seconds under Wine. */
function runCommands(wine, version, args) {
  announce(`vitest in node.exe ${version} under Wine ${wine.major}: commands and scripts`);
  const name = `wine${wine.major}-commands-node${version}`;
  return runSuite(wine, version, ['test/cli', 'test/scripts', ...args], { name, env: { WINWIRE_COMMANDS: '1' } });
}

function runSuite(wine, version, args, { name = `wine${wine.major}-node${version}`, env } = {}) {
  return runWindowsVitest(wine, version, args, { name, env });
}
