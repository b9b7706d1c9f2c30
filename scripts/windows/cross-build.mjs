import { inProject } from '../lib/project.mjs';
import { runQuietly } from '../lib/run.mjs';
import { buildFolder } from './folders.mjs';

/** Builds the addons, the stand-in websocket.dll and the engine's tests as PE files; make decides what is out of date. */
export function crossBuild() {
  const toolchain = inProject('cmake/mingw-w64.cmake');
  runQuietly(process.execPath, [
    inProject('node_modules/cmake-js/bin/cmake-js'),
    'compile',
    '--out',
    buildFolder,
    // Ninja where there is one would tie the folder to it.
    '--prefer-make',
    '--parallel',
    '2',
    `--CDCMAKE_TOOLCHAIN_FILE=${toolchain}`,
  ]);
}
