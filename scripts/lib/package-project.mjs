// Installs the packed package in a project, for its tests.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { nodeLines } from './node-lines.mjs';
import { ensureNode } from './other-node.mjs';
import { announce, inProject } from './project.mjs';
import { runNpm, runQuietly, Stop } from './run.mjs';
import { hashOf, readStamp, writeStamp } from './stamp.mjs';

const packFolder = inProject('build/package');
const quiet = { stdio: ['ignore', 'pipe', 'pipe'] };

const attempts = 20;
const pauseMs = 15_000;

/** Returns the published tarball of this version: a registry shows a new one only after a while. */
export async function packPublished() {
  const { name, version } = JSON.parse(readFileSync(inProject('package.json'), 'utf8'));
  for (let attempt = 1; ; attempt++) {
    try {
      return packPackage(`${name}@${version}`);
    } catch (error) {
      if (!(error instanceof Stop) || attempt === attempts) throw error;
      announce(`${name}@${version} is not there yet`);
      await setTimeout(pauseMs);
    }
  }
}

/** `npm pack` of this tree, or of a package of the registry: returns the tarball's path. */
export function packPackage(spec) {
  rmSync(packFolder, { recursive: true, force: true });
  mkdirSync(packFolder, { recursive: true });
  // Everything is built already; `prepare` would replace a release's addon by this machine's own.
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', packFolder, ...(spec ? [spec] : [])];
  const answer = JSON.parse(runNpm(args, quiet));
  const [{ filename }] = Object.values(answer);
  return path.join(packFolder, filename);
}

/** Creates an empty project outside this tree with the package installed, without install scripts. */
export function makeProject(tarball) {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'winwire-package-')));
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  installInto(folder, [tarball, '@types/node@20']);
  return folder;
}

function installInto(folder, packages, options = []) {
  const common = ['install', '--prefix', folder, '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'];
  runNpm([...common, ...options, ...packages], { ...quiet, cwd: folder });
}

// By the name under which each is installed.
const others = {
  bun: { title: 'Bun', spec: 'npm:@oven/bun-linux-x64-baseline@1', program: 'bin/bun', args: ['run'] },
  deno: {
    title: 'Deno',
    spec: 'npm:@deno/linux-x64-glibc@2',
    program: 'deno',
    args: ['run', '--allow-all', '--quiet'],
  },
};

/** Returns this Node and, on Linux for x64, the other versions, Bun and Deno: name, command and its arguments. */
export function ensureRuntimes() {
  const own = runtime('Node', process.execPath, []);
  if (process.platform !== 'linux' || process.arch !== 'x64') return [own];
  const nodes = nodeLines.map((line) => ensureNode(String(line))).filter((program) => program !== process.execPath);
  return [
    own,
    ...nodes.map((program) => runtime('Node', program, [])),
    ...Object.entries(ensureOthers()).map(([name, program]) => runtime(others[name].title, program, others[name].args)),
  ];
}

/** Returns the program of Bun; undefined if there is none for this system. */
export const ensureBun = () =>
  process.platform === 'linux' && process.arch === 'x64' ? ensureOthers().bun : undefined;

/** Installs Bun and Deno, and returns their programs by name. */
function ensureOthers() {
  const specs = Object.entries(others).map(([name, { spec }]) => `${name}@${spec}`);
  const folder = path.join(ensureInstalled('build/runtimes', specs), 'node_modules');
  return Object.fromEntries(
    Object.entries(others).map(([name, { program }]) => [name, path.join(folder, name, program)]),
  );
}

/** Tools with which users bundle and check the package; the oldest TypeScript is the one in docs/support.md. */
const tools = [
  'esbuild@0.28',
  'webpack@5',
  'rollup@4',
  '@rollup/plugin-node-resolve@16',
  '@vercel/ncc@0.45',
  'vite@8',
  'postject@1.0.0-alpha.6',
  'typescript-5.0@npm:typescript@5.0',
  'typescript-5.5@npm:typescript@5.5',
  'typescript-5.9@npm:typescript@5.9',
];

/** Installs the bundlers and the older TypeScripts, and returns the folder that contains their node_modules. */
export const ensureTools = () => ensureInstalled('build/package-tools', tools);

/** Clients that go through winwire's doors, the undici of each generation, and the types of each Node's fetch. */
const clients = [
  ...nodeLines.map((line) => `node-types-${line}@npm:@types/node@${line}`),
  'axios@1',
  'follow-redirects@1',
  'got@14',
  'ky@1',
  'msw@2',
  'node-fetch@3',
  'openai@6',
  'undici6@npm:undici@6',
  'undici7@npm:undici@7',
  'undici8@npm:undici@8',
  'ws@8',
];

/** Installs the clients, and returns the folder that contains their node_modules. */
export const ensureClients = () => ensureInstalled('build/package-clients', clients);

/** Installs packages into a folder of this tree, once. */
function ensureInstalled(name, specs) {
  const folder = inProject(name);
  const hash = hashOf([], specs);
  if (readStamp(`${name}/.stamp`) === hash && existsSync(path.join(folder, 'node_modules'))) return folder;
  announce(`npm install ${specs.join(' ')} (in ${name})`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n');
  installInto(folder, specs, ['--no-save', '--no-package-lock']);
  writeStamp(`${name}/.stamp`, hash);
  return folder;
}

function runtime(title, command, args) {
  const version = /\d+\.\d+\.\d+/.exec(runQuietly(command, ['--version']))[0];
  return { name: `${title} ${version}`, command, args };
}
