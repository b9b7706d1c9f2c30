// Installs system packages on Debian and Ubuntu.
import { announce } from './project.mjs';
import { hasProgram, run, Stop } from './run.mjs';

// One version everywhere: each finds other faults, and formats what it says otherwise. Debian 12 and 13 have it.
const clangVersion = 19;

export const clangxxCommand = `clang++-${clangVersion}`;
export const clangTidyCommand = `clang-tidy-${clangVersion}`;
export const mingw32Command = 'i686-w64-mingw32-g++-posix';
export const mingw64Command = 'x86_64-w64-mingw32-g++-posix';

const clangPackages = [`clang-${clangVersion}`, `libclang-rt-${clangVersion}-dev`];

// Per purpose: the programs it needs and Debian's packages that hold them.
const purposes = {
  build: { programs: ['make', 'c++', 'python3'], packages: ['build-essential', 'python3'] },
  lint: {
    programs: [clangTidyCommand, clangxxCommand, mingw64Command, mingw32Command],
    packages: [
      ...[`clang-tidy-${clangVersion}`, `clang-${clangVersion}`],
      ...['g++-mingw-w64-x86-64-posix', 'g++-mingw-w64-i686-posix'],
    ],
  },
  windows: {
    programs: ['wine', mingw64Command, 'cmake', 'make'],
    packages: ['wine', 'wine64', 'g++-mingw-w64-x86-64-posix', 'mingw-w64-tools', 'cmake', 'make'],
  },
  debootstrap: { programs: ['debootstrap', 'unshare'], packages: ['debootstrap', 'util-linux'] },
  sanitizers: { programs: [clangxxCommand, 'valgrind'], packages: [...clangPackages, 'valgrind'] },
};

const lackingPurposes = (names) => names.filter((name) => !purposes[name].programs.every(hasProgram));
const installArguments = (names) => {
  const packages = [...new Set(names.flatMap((name) => purposes[name].packages))];
  return ['install', '--yes', '--no-install-recommends', ...packages];
};

/** Installs what the named purposes lack: as root on Debian or Ubuntu, announced; elsewhere it stops with the command. */
export function ensureSystemPackages(...names) {
  const lacking = lackingPurposes(names);
  if (lacking.length > 0) installPackages(...lacking);
}

/** Installs the packages of the named purposes, whatever is there. */
export function installPackages(...names) {
  if (!hasProgram('apt-get')) {
    throw new Stop(`These programs are needed: ${names.flatMap((name) => purposes[name].programs).join(', ')}`);
  }
  if (process.getuid() !== 0) requirePackages(names);
  const install = installArguments(names);
  announce(`apt-get ${install.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const stdio = ['ignore', 'pipe', 'inherit'];
  run('apt-get', ['update', '--quiet'], { env, stdio });
  run('apt-get', install, { env, stdio });
}

/** Stops with the command to type where a program of a purpose is missing. */
export function requirePrograms(name) {
  if (lackingPurposes([name]).length > 0) requirePackages([name]);
}

function requirePackages(names) {
  const programs = names.flatMap((name) => purposes[name].programs).filter((program) => !hasProgram(program));
  // Libraries may be missing beside programs that are there.
  const missing = programs.length > 0 ? programs : names.flatMap((name) => purposes[name].packages);
  throw new Stop(
    `Missing: ${missing.join(', ')}. On Debian or Ubuntu type: sudo apt-get ${installArguments(names).join(' ')}`,
  );
}
