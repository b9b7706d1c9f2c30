// Finds Wine: on this system, or in a separate Debian below .wine, since each release of Debian has one version of it.
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { announce, root } from '../../scripts/lib/project.mjs';
import { runQuietly, Stop } from '../../scripts/lib/run.mjs';
import { readStamp, writeStamp } from '../../scripts/lib/stamp.mjs';
import { ensureSystemPackages } from '../../scripts/lib/system-packages.mjs';
import { debianFolder } from './folders.mjs';

/** The releases of Debian by the major version of their Wine. */
const releases = { 8: 'bookworm', 10: 'trixie' };

const aptInstall = [
  'apt-get update --quiet',
  'apt-get install --yes --no-install-recommends wine wine64',
  'apt-get clean',
].join(' && ');

// The mounts exist only in the process's namespace. The project has the same path inside.
const enter = `set -e
project=$1 debian=$2 folder=$3
shift 3
mount --bind "$project" "$debian$project"
mount --rbind /dev "$debian/dev"
mount -t proc proc "$debian/proc"
exec chroot "$debian" /usr/bin/env --chdir="$folder" "$@"`;

/**
 * @typedef {object} Wine
 * @property {number} major
 * @property {(folder: string, ...words: string[]) => [string, string[]]} command A program of Wine, started in a folder.
 */

/** @returns {Wine} The Wine of this system. */
export function systemWine() {
  const [, major] = /^wine-(\d+)/.exec(runQuietly('wine', ['--version'])) ?? [];
  if (major === undefined) throw new Stop('wine --version names no version');
  return { major: Number(major), command: (folder, ...words) => ['env', [`--chdir=${folder}`, ...words]] };
}

/** @returns {Wine} The Wine of that major version: this system's, or one installed here once. */
export function wineOf(major) {
  const own = systemWine();
  if (own.major === major) return own;
  const release = releases[major];
  if (release === undefined) {
    const known = [...new Set([...Object.keys(releases), own.major])].join(', ');
    throw new Stop(`--wine ${major}: unknown. Choose from ${known}`);
  }
  ensureDebian(release);
  return { major, command: (folder, ...words) => ['unshare', insideDebian(release, folder, words)] };
}

function insideDebian(release, folder, words) {
  const shell = ['sh', '-c', enter, 'sh', root, debianFolder(release), folder, ...words];
  return ['--mount', '--propagation', 'private', ...shell];
}

/** A minimal Debian with Wine: some 70 seconds, 1.2 GB. */
function ensureDebian(release) {
  if (process.getuid() !== 0) throw new Stop(`The Wine of Debian ${release} is run by mounts and chroot: as root only`);
  const folder = debianFolder(release);
  const stampFile = `${path.relative(root, folder)}.stamp`;
  if (readStamp(stampFile) === aptInstall) return;
  ensureSystemPackages('debootstrap');
  announce(`debootstrap ${release}, and its Wine (1.2 GB in .wine/debian-${release})`);
  rmSync(folder, { recursive: true, force: true });
  runQuietly('debootstrap', ['--variant=minbase', release, folder]);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  runQuietly('chroot', [folder, 'sh', '-c', aptInstall], { env });
  mkdirSync(path.join(folder, root), { recursive: true });
  // A minimal Debian cannot resolve localhost.
  copyFileSync('/etc/hosts', path.join(folder, 'etc/hosts'));
  writeStamp(stampFile, aptInstall);
}
