// npm run prebuilds: builds the addon for this system into prebuilds/, as a package holds it, and checks what is there.
//   --arch ARCH        for another machine of this system (macOS, Windows: ia32)
//   --mingw            also prebuilds/win32-x64 by MinGW (Linux), to try a package out under Wine
//   --assemble FOLDER  builds nothing: collects what other machines built
//   --check            builds nothing: only checks that everything a release needs is there
//   --partial          lets files be missing, and lacks that only a release must not have
import { parseArgs } from 'node:util';
import { assemblePrebuilds, prebuildHost, prebuildWithMinGw } from '../tools/prebuilds/prebuild.mjs';
import { checkPrebuilds } from '../tools/prebuilds/prebuild-check.mjs';
import { crossBuild } from '../tools/windows/cross-build.mjs';
import { builtAddon } from '../tools/windows/folders.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { main } from './lib/run.mjs';
import { ensureSystemPackages } from './lib/system-packages.mjs';

const options = {
  arch: { type: 'string' },
  mingw: { type: 'boolean' },
  assemble: { type: 'string' },
  check: { type: 'boolean' },
  partial: { type: 'boolean' },
};

main((args) => {
  const { arch, mingw, assemble, check, partial } = parseArgs({ args, options }).values;
  if (assemble !== undefined) assemblePrebuilds(assemble);
  else if (!check) {
    ensureDependencies();
    prebuildHost(arch);
    if (mingw) {
      ensureSystemPackages('build', 'windows');
      crossBuild();
      prebuildWithMinGw(builtAddon);
    }
  }
  // A machine builds only its own addon.
  checkPrebuilds({ partial: partial || (assemble === undefined && !check) });
});
