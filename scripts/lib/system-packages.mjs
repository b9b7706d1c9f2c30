// Installs system packages on Debian and Ubuntu.
import { existsSync } from 'node:fs';
import { announce } from './project.mjs';
import { hasProgram, run, Stop } from './run.mjs';
import { withoutServices } from './services.mjs';

// One version everywhere, because versions find different faults and format differently. Debian 12 and 13 have it.
const clangVersion = 19;

export const clangxxCommand = `clang++-${clangVersion}`;
export const clangTidyCommand = `clang-tidy-${clangVersion}`;
export const mingw32Command = 'i686-w64-mingw32-g++-posix';
export const mingw64Command = 'x86_64-w64-mingw32-g++-posix';

const clangPackages = [`clang-${clangVersion}`, `libclang-rt-${clangVersion}-dev`];

// Per purpose: the required programs (or files, by their path), Debian's packages that contain them, and the services
// that these would start.
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
  auth: {
    programs: [
      ...[
        '/usr/sbin/krb5kdc',
        '/usr/sbin/kadmin.local',
        'kinit',
        '/usr/sbin/apache2',
        'htpasswd',
        '/usr/sbin/squid',
        'curl',
      ],
      ...['ntlm_auth', '/usr/lib/apache2/modules/mod_auth_gssapi.so'],
      // Libraries, whose folder depends on the processor; a configuration stays when its package is removed.
      ...['/usr/share/doc/gss-ntlmssp', '/usr/share/doc/libfaketime'],
    ],
    packages: [
      ...['krb5-kdc', 'krb5-admin-server', 'krb5-user', 'apache2-bin', 'apache2-utils', 'libapache2-mod-auth-gssapi'],
      ...['squid', 'winbind', 'gss-ntlmssp', 'libfaketime', 'curl'],
    ],
    services: ['krb5-kdc', 'krb5-admin-server', 'squid', 'winbind'],
  },
  sanitizers: { programs: [clangxxCommand, 'valgrind'], packages: [...clangPackages, 'valgrind'] },
};

const isThere = (program) => (program.startsWith('/') ? existsSync(program) : hasProgram(program));

/** Whether this system has all programs of a purpose. */
export const hasPrograms = (name) => purposes[name].programs.every(isThere);

const lackingPurposes = (names) => names.filter((name) => !hasPrograms(name));
const installArguments = (names) => {
  const packages = [...new Set(names.flatMap((name) => purposes[name].packages))];
  return ['install', '--yes', '--no-install-recommends', ...packages];
};

/**
 * Installs what the named purposes lack: as root on Debian or Ubuntu, with an announcement; elsewhere stops with the
 * command to run.
 */
export function ensureSystemPackages(...names) {
  const lacking = lackingPurposes(names);
  if (lacking.length > 0) installPackages(...lacking);
}

/** Installs the packages of the named purposes. */
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
  const services = names.flatMap((name) => purposes[name].services ?? []);
  withoutServices(services, () => run('apt-get', install, { env, stdio }));
}

/** Stops with the command to run if a program of a purpose is missing. */
export function requirePrograms(name) {
  if (!hasPrograms(name)) requirePackages([name]);
}

function requirePackages(names) {
  const programs = names.flatMap((name) => purposes[name].programs).filter((program) => !isThere(program));
  // Libraries may be missing although the programs exist.
  const missing = programs.length > 0 ? programs : names.flatMap((name) => purposes[name].packages);
  throw new Stop(
    `Missing: ${missing.join(', ')}. On Debian or Ubuntu type: sudo apt-get ${installArguments(names).join(' ')}`,
  );
}
