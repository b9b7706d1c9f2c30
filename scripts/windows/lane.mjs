// Prepares the Wine lane.
import { ensureReady } from '../lib/ensure-ready.mjs';
import { chosenLines, nodeLines } from '../lib/node-lines.mjs';
import { announce } from '../lib/project.mjs';
import { ensureSystemPackages } from '../lib/system-packages.mjs';
import { crossBuild } from './cross-build.mjs';
import { ensureWindowsNode, refreshTree } from './tree.mjs';
import { ensurePrefix } from './wine.mjs';
import { systemWine, wineOf } from './wine-program.mjs';

/** Later ones crash at start in a Wine before 10. */
const linesOf = (wine) => (wine.major < 10 ? nodeLines.filter((line) => line <= 22) : nodeLines);

/** The chosen lines of Node among those that the Wine can run: by default the oldest and the newest. */
export const nodesUnder = (wine, choice = 'oldest,newest') => chosenLines(choice, linesOf(wine));

/**
 * The Windows lane on Linux, ready for runWindowsNode: everything is made once and kept in .wine. By default it has this
 * system's Wine. Returns the Wine and the lines of Node.
 */
export function ensureWindowsLane({ wine: major, node } = {}) {
  ensureSystemPackages('build', 'windows');
  const wine = major === undefined ? systemWine() : wineOf(Number(major));
  const nodes = nodesUnder(wine, node);
  ensureReady();
  announce('cmake-js: building the addons, the stand-in websocket.dll and the engine tests for Windows (.wine/build)');
  crossBuild();
  refreshTree();
  for (const line of nodes) ensureWindowsNode(line);
  ensurePrefix(wine);
  return { wine, nodes };
}
