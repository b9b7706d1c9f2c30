// The targets of prebuilt addons, and the requirements of each file.
const entryPoints = ['napi_register_module_v1', 'node_api_module_get_api_version_v1'];
// A larger addon contains something wrong, such as a debug build.
const sizeLimit = 1024 * 1024;

// Of RHEL 8, the oldest system that Node 20 supports.
const newestVersions = { GLIBC: '2.28', GLIBCXX: '3.4.25', CXXABI: '1.3.11' };

// Available on every Windows, without compiler runtimes.
const windowsLibraries =
  /^(kernel32|advapi32|user32|bcrypt|version|ole32|oleaut32|msvcrt|node\.exe|api-ms-win-[\w-]+)(\.dll)?$/;

const windows = (machine) => ({
  folder: `win32-${machine}`,
  file: 'winwire.node',
  format: 'PE',
  machine,
  check: checkWindows,
});
const linux = (machine, libc) => ({
  folder: `linux-${machine}`,
  file: `winwire.${libc}.node`,
  format: 'ELF',
  machine,
  check: libc === 'musl' ? checkMusl : checkGlibc,
});
const darwin = (machine) => ({
  folder: `darwin-${machine}`,
  file: 'winwire.node',
  format: 'Mach-O',
  machine,
  check: checkDarwin,
});

/** Every binary of a release: prebuilds/FOLDER/FILE. */
export const prebuildTargets = [
  ...['x64', 'arm64', 'ia32'].map(windows),
  ...[linux('x64', 'glibc'), linux('x64', 'musl'), linux('arm64', 'glibc')],
  ...['x64', 'arm64'].map(darwin),
];

/** Returns the faults of a binary (of readBinary) for this target; with `strict` also those of a release. */
export function faultsOf(target, binary, { strict }) {
  if (binary.format !== target.format) return [`is a ${binary.format} file, not ${target.format}`];
  if (binary.machine !== target.machine) return [`is made for ${binary.machine}, not ${target.machine}`];
  const missing = entryPoints.filter((name) => !binary.exports.includes(name));
  return [
    ...missing.map((name) => `does not export ${name}`),
    ...(binary.size > sizeLimit ? [`has ${binary.size} bytes, more than ${sizeLimit}`] : []),
    ...target.check(binary, strict),
  ];
}

function checkWindows({ libraries, delayed, flags, machine }, strict) {
  const foreign = libraries.filter((name) => !windowsLibraries.test(name));
  const faults = foreign.map((name) => `needs ${name}, which not every Windows has`);
  if (!strict) return faults;
  // In Electron and other programs the delay-load hook finds Node-API in the program itself.
  if (!delayed.includes('node.exe')) faults.push('does not load node.exe with a delay, so runs in node.exe alone');
  const wanted = ['DYNAMIC_BASE', 'NX_COMPAT', 'GUARD_CF', ...(machine === 'ia32' ? [] : ['HIGH_ENTROPY_VA'])];
  const missing = wanted.filter((flag) => !flags.includes(flag));
  return [...faults, ...missing.map((flag) => `is linked without ${flag}`)];
}

function checkGlibc({ libraries, versions }, strict) {
  if (!libraries.includes('libc.so.6')) return ['does not use glibc'];
  if (!strict) return [];
  const newer = versions.filter((name) => {
    const [library, version] = name.split('_');
    return newestVersions[library]?.localeCompare(version, 'en', { numeric: true }) < 0;
  });
  return newer.map((name) => `needs ${name}, newer than RHEL 8 has`);
}

function checkMusl({ libraries }) {
  return libraries.some((name) => name.startsWith('libc.musl-')) ? [] : ['does not use musl'];
}

function checkDarwin({ libraries, minimumSystem }) {
  const foreign = libraries.filter((name) => !name.startsWith('/usr/lib/') && !name.startsWith('/System/'));
  const faults = foreign.map((name) => `needs ${name}, which is not part of macOS`);
  return Number.parseFloat(minimumSystem) <= 11
    ? faults
    : [...faults, `needs macOS ${minimumSystem}; 11 is the oldest`];
}
