// Prepares the Wine lane.
import { ensureReady } from '../../scripts/lib/ensure-ready.mjs';
import { chosenLines, nodeLines } from '../../scripts/lib/node-lines.mjs';
import { announce } from '../../scripts/lib/project.mjs';
import { ensureSystemPackages } from '../../scripts/lib/system-packages.mjs';
import { crossBuild } from './cross-build.mjs';
import { ensureWindowsNode, refreshTree } from './tree.mjs';
import { ensurePrefix } from './wine.mjs';
import { systemWine, wineOf } from './wine-program.mjs';

/** Later versions crash at start in a Wine before 10. */
const linesOf = (wine) => (wine.major < 10 ? nodeLines.filter((line) => line <= 22) : nodeLines);

/** Returns the selected versions of Node that this Wine can run: by default the oldest and the newest. */
export const nodesUnder = (wine, choice = 'oldest,newest') => chosenLines(choice, linesOf(wine));

/**
 * Prepares the Windows lane on Linux for runWindowsNode: everything is created once and kept in .wine. Uses this
 * system's Wine by default. Returns the Wine and the versions of Node.
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
