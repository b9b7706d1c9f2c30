// Builds one prebuilt addon.
import { copyFileSync, cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { filesUnder } from './files.mjs';
import { gypVariables, nativeHash, nodeDirectory, requireTools } from './native-build.mjs';
import { announce, inProject } from './project.mjs';
import { runQuietly, Stop } from './run.mjs';
import { readStamp, writeStamp } from './stamp.mjs';

const buildFolder = 'build/prebuild';
// The oldest Node that is supported; Node-API makes the addon good for every later one.
const target = '20.19.0';

const libc = () => (process.report.getReport().header.glibcVersionRuntime === undefined ? 'musl' : 'glibc');
const fileName = () => (process.platform === 'linux' ? `winwire.${libc()}.node` : 'winwire.node');
const hostFile = (arch) => `prebuilds/${process.platform}-${arch}/${fileName()}`;
const stampFile = (arch) => `build/${hostFile(arch)}.stamp`;
/** The two ways to the file: of build/Release, or as a release is built. */
const hashOfWay = (way, arch) => nativeHash([way, arch]);

const isMade = (ways, arch) =>
  existsSync(inProject(hostFile(arch))) && ways.some((way) => readStamp(stampFile(arch)) === hashOfWay(way, arch));

/** Puts the addon of build/Release where a package has it, unless one made of the same sources is there. */
export function stageAddon() {
  const { arch } = process;
  if (isMade(['staged', 'prebuilt'], arch)) return;
  mkdirSync(path.dirname(inProject(hostFile(arch))), { recursive: true });
  copyFileSync(inProject('build/Release/winwire.node'), inProject(hostFile(arch)));
  writeStamp(stampFile(arch), hashOfWay('staged', arch));
}

/** Makes a folder that node-gyp builds the addon in: its sources and nothing else of the project. */
export function copyNative(folder) {
  rmSync(inProject(folder), { recursive: true, force: true });
  for (const file of ['binding.gyp', 'package.json', 'native']) {
    cpSync(inProject(file), inProject(folder, file), { recursive: true });
  }
}

/**
 * Builds the addon for this system by prebuildify, unless that is done: a release build, in a folder of its own, since it
 * begins with `clean`.
 */
export function prebuildHost(arch = process.arch) {
  if (isMade(['prebuilt'], arch)) return;
  requireTools();
  announce(`prebuildify: building ${hostFile(arch)}`);
  copyNative(buildFolder);
  runQuietly(
    process.execPath,
    [
      inProject('node_modules/prebuildify/bin.js'),
      ...['--napi', '--strip', '--name', 'winwire', '--target', target, '--arch', arch],
      ...(process.platform === 'linux' ? ['--tag-libc', libc()] : []),
      ...['--cwd', inProject(buildFolder), '--out', inProject()],
    ],
    { env: { ...process.env, ...environment() } },
  );
  writeStamp(stampFile(arch), hashOfWay('prebuilt', arch));
}

function environment() {
  const [nodedir] = nodeDirectory().map((option) => option.replace('--nodedir=', ''));
  return {
    GYP_DEFINES: gypVariables({ tests: false }).join(' '),
    ...(nodedir ? { npm_config_nodedir: nodedir } : {}),
  };
}

/** Puts the addon that MinGW built where a package has it. For trying a package out under Wine; releases are MSVC's. */
export function prebuildWithMinGw(builtFile) {
  const file = inProject('prebuilds/win32-x64/winwire.node');
  mkdirSync(path.dirname(file), { recursive: true });
  runQuietly('x86_64-w64-mingw32-strip', ['--strip-all', '-o', file, builtFile]);
}

/** Collects FOLDER/…/PLATFORM-ARCH/winwire….node, as the jobs of a release leave them, into prebuilds/. */
export function assemblePrebuilds(folder) {
  const found = filesUnder(folder, ['.node']);
  if (found.length === 0) throw new Stop(`there is no .node file below ${folder}`);
  const places = found.map((file) => path.posix.join('prebuilds', ...file.split('/').slice(-2)));
  const twice = places.filter((place, index) => places.indexOf(place) !== index);
  if (twice.length > 0) throw new Stop(`more than one file for ${twice.join(', ')}`);
  // With what says how this machine's own were made.
  for (const old of ['prebuilds', 'build/prebuilds']) rmSync(inProject(old), { recursive: true, force: true });
  for (const [index, file] of found.entries()) cpSync(inProject(file), inProject(places[index]));
}
