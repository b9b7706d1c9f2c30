// Builds the addon with node-gyp if its sources have changed.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { filesUnder } from '../../scripts/lib/files.mjs';
import { announce, inProject } from '../../scripts/lib/project.mjs';
import { hasProgram, runQuietly, Stop } from '../../scripts/lib/run.mjs';
import { hashOf, readStamp, writeStamp } from '../../scripts/lib/stamp.mjs';
import { compilerVersion } from './tool-version.mjs';

const buildStamp = 'build/native.stamp';
const configureStamp = 'build/configure.stamp';
const nodeGyp = inProject('node_modules/node-gyp/bin/node-gyp.js');

const settings = () => [
  'binding.gyp',
  'native/addon.gypi',
  'native/target.gypi',
  'native/test.gypi',
  'native/sources.json',
];

const nativeInputs = () => [...settings(), 'package-lock.json', ...filesUnder('native', ['.cc', '.h'])];

/** Returns one hash over the inputs of the addon: its files, the compiler, and words of the caller. */
export const nativeHash = (words) => hashOf(nativeInputs(), [compilerVersion(), ...words]);

/**
 * Returns the variables of binding.gyp. Uses link-time optimisation with GCC on Linux, whose default linker supports
 * it: it saves a quarter of the pump's cost per message, since a call goes through many small functions.
 */
export function gypVariables({ tests }) {
  const isGcc = process.platform === 'linux' && compilerVersion().includes('Free Software Foundation');
  return [`winwire_tests=${tests ? 1 : 0}`, `winwire_lto=${isGcc ? '-flto=auto' : ''}`];
}

/**
 * Builds build/Release/winwire.node with node-gyp and, unless `tests` is false, the probe addon and the engine's tests.
 * Does nothing if no input has changed.
 */
export function ensureNative({ tests = true } = {}) {
  const stampFor = (withTests) => nativeHash([process.version, process.arch, String(withTests)]);
  const done = readStamp(buildStamp);
  const wanted = tests ? [stampFor(true)] : [stampFor(true), stampFor(false)];
  if (wanted.includes(done) && existsSync(inProject('build/Release/winwire.node'))) return;

  requireTools();
  announce(`node-gyp: building the addon${tests ? ', the probe and the engine tests' : ''} (build/Release)`);
  configure(tests);
  runQuietly(process.execPath, [nodeGyp, 'build', ...nodeDirectory(), '--jobs', 'max', '--loglevel', 'warn']);
  writeStamp(buildStamp, stampFor(tests));
}

function configure(tests) {
  const variables = gypVariables({ tests });
  const words = [process.version, process.arch, compilerVersion(), ...variables];
  const hash = hashOf([...settings(), 'package-lock.json'], words);
  const isConfigured = existsSync(inProject('build/Makefile')) || existsSync(inProject('build/binding.sln'));
  if (isConfigured && readStamp(configureStamp) === hash) return;
  const defines = variables.map((variable) => `-D${variable}`);
  runQuietly(process.execPath, [nodeGyp, 'configure', ...nodeDirectory(), '--', ...defines]);
  writeStamp(configureStamp, hash);
}

/** Returns the folder of this Node's headers, if they are installed; node-gyp would download the same ones. */
export function nodeDirectory() {
  if (process.env.npm_config_nodedir) return [];
  const prefix = path.resolve(path.dirname(process.execPath), '..');
  const header = path.join(prefix, 'include/node/node_version.h');
  if (!existsSync(header)) return [];
  const text = readFileSync(header, 'utf8');
  const found = ['MAJOR', 'MINOR', 'PATCH'].map((part) => new RegExp(`NODE_${part}_VERSION (\\d+)`).exec(text)?.[1]);
  return found.join('.') === process.versions.node ? [`--nodedir=${prefix}`] : [];
}

/** Names the command for a missing tool; node-gyp's own message is long. */
export function requireTools() {
  const needed = process.platform === 'win32' ? [] : ['make', 'c++', process.env.PYTHON || 'python3'];
  const missing = needed.filter((name) => !hasProgram(name));
  if (missing.length === 0) return;
  const command =
    process.platform === 'darwin' ? 'xcode-select --install' : 'sudo apt-get install --yes build-essential python3';
  throw new Stop(`To build the addon, ${missing.join(' and ')} must be installed. On this system: ${command}`);
}
