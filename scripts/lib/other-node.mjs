// Installs another version of Node.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { announce, inProject } from './project.mjs';
import { runNpm, Stop } from './run.mjs';

/**
 * Returns the program of the newest Node of a major version: this one, or nodejs.org's from npm, kept in build/nodes.
 */
export function ensureNode(major) {
  if (!/^\d+$/.test(major ?? '')) throw new Stop(`--node ${major ?? ''}: give a major version, for example --node 24`);
  if (process.versions.node.split('.')[0] === major) return process.execPath;
  const system = process.platform === 'win32' ? 'win' : process.platform;
  const name = `node-${system}-${process.arch}`;
  const folder = inProject('build/nodes', major);
  const program = path.join(folder, 'node_modules', name, process.platform === 'win32' ? 'bin/node.exe' : 'bin/node');
  if (existsSync(program)) return program;
  announce(`npm install ${name}@${major} (in build/nodes/${major})`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n');
  const options = ['--no-save', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund'];
  runNpm(['install', '--prefix', folder, ...options, `${name}@${major}`], { cwd: folder });
  return program;
}
