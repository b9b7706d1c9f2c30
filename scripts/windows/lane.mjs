import { ensureReady } from '../lib/ensure-ready.mjs';
import { announce } from '../lib/project.mjs';
import { ensureSystemPackages } from '../lib/system-packages.mjs';
import { crossBuild } from './cross-build.mjs';
import { ensureWindowsNode, refreshTree } from './tree.mjs';
import { ensurePrefix } from './wine.mjs';

/** Wine 8 runs these two lines of Node; 24 crashes in it at start. */
export const nodeVersions = [20, 22];

/** The Windows lane on Linux, ready for runWindowsNode: everything is made once and kept in .wine. */
export function ensureWindowsLane() {
  ensureSystemPackages('build', 'windows');
  ensureReady();
  announce('cmake-js: building the addons, the stand-in websocket.dll and the engine tests for Windows (.wine/build)');
  crossBuild();
  refreshTree();
  for (const version of nodeVersions) ensureWindowsNode(version);
  ensurePrefix();
}
