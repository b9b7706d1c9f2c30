// npm run test:windows: the suite in Windows' own node.exe. On Windows that is npm test; on Linux it is cross-built with
// MinGW and run under Wine, where our engine stands in for websocket.dll. Arguments go to vitest.
import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { ensureReady } from './lib/ensure-ready.mjs';
import { announce, inProject } from './lib/project.mjs';
import { main, Stop } from './lib/run.mjs';
import { resultsFolder, runVitest, vitestArgs } from './lib/vitest.mjs';
import { treeFolder } from './windows/folders.mjs';
import { ensureWindowsLane, nodeVersions } from './windows/lane.mjs';
import { runWindowsNode } from './windows/wine.mjs';

main(async (args) => {
  if (process.platform === 'win32') {
    ensureReady();
    return runVitest(args);
  }
  if (process.platform !== 'linux') throw new Stop('npm run test:windows needs Windows, or Linux with Wine');
  ensureWindowsLane();
  // Both at once: a suite waits more than it computes. The first one's output is shown as it comes, the others' at the end.
  announce(`vitest in node.exe ${nodeVersions.join(' and ')} under Wine`);
  const codes = await Promise.all(nodeVersions.map((version, index) => runSuite(version, args, index === 0)));
  return codes.every((code) => code === 0) ? 0 : 1;
});

async function runSuite(version, args, live) {
  const name = `windows-node${version}`;
  const results = path.join(treeFolder, resultsFolder, `${name}.json`);
  rmSync(results, { force: true });
  const code = await runWindowsNode(version, ['node_modules/vitest/vitest.mjs', ...vitestArgs(name, args)], {
    name: 'vitest',
    live,
  });
  mkdirSync(inProject(resultsFolder), { recursive: true });
  if (existsSync(results)) copyFileSync(results, inProject(resultsFolder, `${name}.json`));
  announce(`node.exe ${version}: exit code ${code}`);
  return code;
}
