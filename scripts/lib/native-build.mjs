// Builds the addon with node-gyp, when its sources have changed.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { filesUnder } from './files.mjs';
import { announce, inProject } from './project.mjs';
import { hasProgram, runQuietly, Stop } from './run.mjs';
import { hashOf, readStamp, writeStamp } from './stamp.mjs';
import { compilerVersion } from './tool-version.mjs';

const buildStamp = 'build/native.stamp';
const configureStamp = 'build/configure.stamp';
const nodeGyp = inProject('node_modules/node-gyp/bin/node-gyp.js');

const settings = () => ['binding.gyp', 'native/addon.gypi', 'native/target.gypi', 'native/sources.json'];

const nativeInputs = () => [...settings(), 'package-lock.json', ...filesUnder('native', ['.cc', '.h'])];

/** One hash over what the addon is made of and by: its files, the compiler, and words of the caller. */
export const nativeHash = (words) => hashOf(nativeInputs(), [compilerVersion(), ...words]);

/**
 * The variables of binding.gyp. Link-time optimisation with GCC on Linux, whose usual linker can do it: it takes a quarter
 * off what the pump costs a message, since a call goes through many small functions.
 */
export function gypVariables({ tests }) {
  const isGcc = process.platform === 'linux' && compilerVersion().includes('Free Software Foundation');
  return [`winwire_tests=${tests ? 1 : 0}`, `winwire_lto=${isGcc ? '-flto=auto' : ''}`];
}

/**
 * Builds build/Release/winwire.node with node-gyp and, unless `tests` is false, the probe addon and the engine's tests.
 * Does nothing when no input has changed.
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

/** The headers that lie beside this Node, where they do; node-gyp would download the same ones. */
export function nodeDirectory() {
  if (process.env.npm_config_nodedir) return [];
  const prefix = path.resolve(path.dirname(process.execPath), '..');
  const header = path.join(prefix, 'include/node/node_version.h');
  if (!existsSync(header)) return [];
  const text = readFileSync(header, 'utf8');
  const found = ['MAJOR', 'MINOR', 'PATCH'].map((part) => new RegExp(`NODE_${part}_VERSION (\\d+)`).exec(text)?.[1]);
  return found.join('.') === process.versions.node ? [`--nodedir=${prefix}`] : [];
}

/** node-gyp's own words for a missing tool are long; these name the command to type. */
export function requireTools() {
  const needed = process.platform === 'win32' ? [] : ['make', 'c++', process.env.PYTHON || 'python3'];
  const missing = needed.filter((name) => !hasProgram(name));
  if (missing.length === 0) return;
  const command =
    process.platform === 'darwin' ? 'xcode-select --install' : 'sudo apt-get install --yes build-essential python3';
  throw new Stop(`To build the addon, ${missing.join(' and ')} must be installed. On this system: ${command}`);
}
