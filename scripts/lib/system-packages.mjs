import { announce } from './project.mjs';
import { hasProgram, run, Stop } from './run.mjs';

// Per purpose: the programs it needs and Debian's packages that hold them.
const purposes = {
  build: { programs: ['make', 'c++', 'python3'], packages: ['build-essential', 'python3'] },
  lint: { programs: ['clang-tidy'], packages: ['clang-tidy'] },
  windows: {
    programs: ['wine', 'x86_64-w64-mingw32-g++-posix', 'cmake', 'make'],
    packages: ['wine', 'wine64', 'g++-mingw-w64-x86-64-posix', 'mingw-w64-tools', 'cmake', 'make'],
  },
  debootstrap: { programs: ['debootstrap', 'unshare'], packages: ['debootstrap', 'util-linux'] },
  sanitizers: { programs: ['clang', 'valgrind'], packages: ['clang', 'libclang-rt-dev', 'valgrind'] },
};

/** Installs what the named purposes lack: as root on Debian or Ubuntu, announced; elsewhere it stops with the command. */
export function ensureSystemPackages(...names) {
  const lacking = names.filter((name) => !purposes[name].programs.every(hasProgram));
  if (lacking.length === 0) return;
  const packages = [...new Set(lacking.flatMap((name) => purposes[name].packages))];
  if (!hasProgram('apt-get')) {
    throw new Stop(`These programs are needed: ${lacking.flatMap((name) => purposes[name].programs).join(', ')}`);
  }
  const install = ['install', '--yes', '--no-install-recommends', ...packages];
  if (process.getuid() !== 0) throw new Stop(`System packages are missing. Type: sudo apt-get ${install.join(' ')}`);
  announce(`apt-get install ${packages.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const stdio = ['ignore', 'pipe', 'inherit'];
  run('apt-get', ['update', '--quiet'], { env, stdio });
  run('apt-get', install, { env, stdio });
}
