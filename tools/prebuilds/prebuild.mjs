// Builds one prebuilt addon.
import { copyFileSync, cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { filesUnder } from '../../scripts/lib/files.mjs';
import { announce, inProject } from '../../scripts/lib/project.mjs';
import { runQuietly, Stop } from '../../scripts/lib/run.mjs';
import { readStamp, writeStamp } from '../../scripts/lib/stamp.mjs';
import { gypVariables, nativeHash, nodeDirectory, requireTools } from '../native-build/native-build.mjs';

const buildFolder = 'build/prebuild';
// The oldest supported Node; with Node-API the addon works in every later one.
const target = '20.19.0';

const libc = () => (process.report.getReport().header.glibcVersionRuntime === undefined ? 'musl' : 'glibc');
const fileName = () => (process.platform === 'linux' ? `winwire.${libc()}.node` : 'winwire.node');
const hostFile = (arch) => `prebuilds/${process.platform}-${arch}/${fileName()}`;
const stampFile = (arch) => `build/${hostFile(arch)}.stamp`;
/** Distinguishes the sources of the file: build/Release, or a release build. */
const hashOfWay = (way, arch) => nativeHash([way, arch]);

const isMade = (ways, arch) =>
  existsSync(inProject(hostFile(arch))) && ways.some((way) => readStamp(stampFile(arch)) === hashOfWay(way, arch));

/** Copies the addon of build/Release to its place in the package, unless one of the same sources is there. */
export function stageAddon() {
  const { arch } = process;
  if (isMade(['staged', 'prebuilt'], arch)) return;
  mkdirSync(path.dirname(inProject(hostFile(arch))), { recursive: true });
  copyFileSync(inProject('build/Release/winwire.node'), inProject(hostFile(arch)));
  writeStamp(stampFile(arch), hashOfWay('staged', arch));
}

/** Creates a folder for node-gyp with only the sources of the addon. */
export function copyNative(folder) {
  rmSync(inProject(folder), { recursive: true, force: true });
  for (const file of ['binding.gyp', 'package.json', 'native']) {
    cpSync(inProject(file), inProject(folder, file), { recursive: true });
  }
}

/**
 * Builds the addon for this system with prebuildify, if needed: a release build in a separate folder, because it starts
 * with `clean`.
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

/** Copies MinGW's addon to its place in the package. For trying a package under Wine; releases use MSVC's. */
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
  // Including the stamps of this machine's own addons.
  for (const old of ['prebuilds', 'build/prebuilds']) rmSync(inProject(old), { recursive: true, force: true });
  for (const [index, file] of found.entries()) cpSync(inProject(file), inProject(places[index]));
}
