// Builds the addon for Windows on Linux.
import { rmSync } from 'node:fs';
import { inProject } from '../../scripts/lib/project.mjs';
import { runQuietly } from '../../scripts/lib/run.mjs';
import { readStamp, writeStamp } from '../../scripts/lib/stamp.mjs';
import { mingw64Command } from '../../scripts/lib/system-packages.mjs';
import { toolVersion } from '../native-build/tool-version.mjs';
import { buildFolder } from './folders.mjs';

const stampFile = '.wine/build.stamp';

/**
 * Builds the addons, the stand-in websocket.dll and the engine's tests as PE files; make decides what is out of date.
 */
export function crossBuild() {
  // Inputs that make does not track.
  const version = toolVersion(mingw64Command);
  if (readStamp(stampFile) !== version) rmSync(buildFolder, { recursive: true, force: true });
  writeStamp(stampFile, version);
  const toolchain = inProject('cmake/mingw-w64.cmake');
  runQuietly(process.execPath, [
    inProject('node_modules/cmake-js/bin/cmake-js'),
    'compile',
    '--out',
    buildFolder,
    // Ninja, if installed, would bind the folder to it.
    '--prefer-make',
    '--parallel',
    '2',
    `--CDCMAKE_TOOLCHAIN_FILE=${toolchain}`,
  ]);
}
