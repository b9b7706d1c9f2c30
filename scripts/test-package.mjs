// npm run test:package: builds the addon as a release has it, packs the package, installs it with scripts off into an empty
// project, and runs test/package on it.
//   --windows    also in Windows' node.exe under Wine (Linux)
//   --assembled  with the addons that lie in prebuilds/, none built here
//   --published  what the registry has of this version, in place of this tree
import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { prebuildHost, prebuildWithMinGw } from '../tools/prebuilds/prebuild.mjs';
import { builtAddon } from '../tools/windows/folders.mjs';
import { ensureWindowsLane, nodesUnder } from '../tools/windows/lane.mjs';
import { systemWine } from '../tools/windows/wine-program.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { ensureDist } from './lib/dist-build.mjs';
import {
  ensureClients,
  ensureRuntimes,
  ensureTools,
  makeProject,
  packPackage,
  packPublished,
} from './lib/package-project.mjs';
import { announce, inProject } from './lib/project.mjs';
import { exitCodeOf, main } from './lib/run.mjs';
import { vitestArgs } from './lib/vitest.mjs';

const options = { windows: { type: 'boolean' }, assembled: { type: 'boolean' }, published: { type: 'boolean' } };

main(async (args) => {
  const { windows = false, assembled, published } = parseArgs({ args, options }).values;
  ensureDependencies();
  if (!published) ensureDist();
  if (!published && !assembled) buildAddons(windows);
  const tarball = published ? await packPublished() : packPackage();
  const project = makeProject(tarball);
  announce(`vitest: ${tarball}, installed in ${project}`);
  try {
    return await runTests({ tarball, project, windows });
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
});

function buildAddons(windows) {
  prebuildHost();
  if (!windows) return;
  ensureWindowsLane();
  prebuildWithMinGw(builtAddon);
}

function runTests({ tarball, project, windows }) {
  const env = {
    ...process.env,
    WINWIRE_PACKAGE_TARBALL: tarball,
    WINWIRE_PACKAGE_PROJECT: project,
    WINWIRE_PACKAGE_RUNTIMES: JSON.stringify(ensureRuntimes()),
    WINWIRE_PACKAGE_TOOLS: ensureTools(),
    WINWIRE_PACKAGE_CLIENTS: ensureClients(),
    ...(windows ? { WINWIRE_PACKAGE_WINDOWS: JSON.stringify(nodesUnder(systemWine())) } : {}),
  };
  const vitest = inProject('node_modules/vitest/vitest.mjs');
  // One file at a time: all use the same installed package, and loader.test.ts removes its addon for a while.
  const args = vitestArgs('package', ['test/package', '--no-file-parallelism']);
  return exitCodeOf(process.execPath, [vitest, ...args], { env });
}
