// npm run test:package: packs the package, installs it with scripts off into an empty project, and runs test/package on it.
//   --windows    also in Windows' node.exe under Wine (Linux)
//   --spec SPEC  what a registry has, winwire@1.2.3 for one, in place of this tree
import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ensureReady } from './lib/ensure-ready.mjs';
import { ensureRuntimes, makeProject, packPackage } from './lib/package-project.mjs';
import { prebuildWithMinGw, stageAddon } from './lib/prebuild.mjs';
import { announce, inProject } from './lib/project.mjs';
import { exitCodeOf, main } from './lib/run.mjs';
import { vitestArgs } from './lib/vitest.mjs';
import { builtAddon } from './windows/folders.mjs';
import { ensureWindowsLane, nodeVersions } from './windows/lane.mjs';

const options = { windows: { type: 'boolean' }, spec: { type: 'string' } };

main((args) => {
  const { windows, spec } = parseArgs({ args, options }).values;
  ensureReady({ tests: false });
  stageAddon();
  if (windows) {
    ensureWindowsLane();
    prebuildWithMinGw(builtAddon);
  }
  const runtimes = ensureRuntimes();
  const tarball = packPackage(spec);
  const project = makeProject(tarball);
  announce(`vitest: ${tarball}, installed in ${project}`);
  const env = {
    ...process.env,
    WINWIRE_PACKAGE_TARBALL: tarball,
    WINWIRE_PACKAGE_PROJECT: project,
    WINWIRE_PACKAGE_RUNTIMES: JSON.stringify(runtimes),
    ...(windows ? { WINWIRE_PACKAGE_WINDOWS: JSON.stringify(nodeVersions) } : {}),
  };
  try {
    const vitest = inProject('node_modules/vitest/vitest.mjs');
    const files = windows ? [] : ['--exclude', 'test/package/windows.test.ts'];
    return exitCodeOf(process.execPath, [vitest, ...vitestArgs('package', ['test/package', ...files])], { env });
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
});
