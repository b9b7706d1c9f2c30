// clang-tidy over the native sources.
import { clangTidyCommand, clangxxCommand, requirePrograms } from '../../scripts/lib/system-packages.mjs';
import { finished } from '../native-build/compile.mjs';
import { toolVersion } from '../native-build/tool-version.mjs';
import { commonFlags, sourcesOf, windowsFlags } from './native-flags.mjs';
import { checkSources } from './source-checks.mjs';

// The nearest to MSVC's warnings at /W4 (C4244, C4267, C4456 to C4459, C4702, C4245).
const warnings = [
  ...['-Wall', '-Wextra', '-Wshadow', '-Wunreachable-code'],
  ...['-Wshorten-64-to-32', '-Wimplicit-int-conversion'],
];

// With MinGW's headers in Debian's folders.
const forWindows = ['--target=x86_64-w64-mingw32', ...windowsFlags];

// The sources of the package that this system compiles. The tests and Windows' part take minutes more.
const shipped = [
  { lists: ['engine', 'backend', 'registry', 'pump', 'threads', 'auth', 'auth_gss', 'binding', 'module'], flags: [] },
];
const tests = [
  { lists: ['statements', 'engine_tests', 'permissive', 'permissive_addon', 'probe', 'standin'], flags: [] },
  { lists: ['auth_gss_tests', 'probe_gss'], flags: [] },
  { lists: ['winhttp_statements', 'winhttp_standin', 'winhttp_baseline'], flags: forWindows },
  { lists: ['windows', 'winhttp', 'proxy', 'proxy_tests', 'winhttp_binding'], flags: forWindows },
  { lists: ['auth_sspi', 'probe_sspi'], flags: forWindows },
];

/** Checks the sources of the package, with `all` also those of the tests. */
export async function clangTidy({ all = false } = {}) {
  requirePrograms('lint');
  // Some sources are in two lists.
  const units = new Map();
  for (const { lists, flags } of all ? [...tests, ...shipped] : shipped) {
    for (const source of sourcesOf(lists))
      units.set(source, { source, flags: [...commonFlags, ...warnings, ...flags] });
  }
  await checkSources('clang-tidy', {
    units: [...units.values()],
    files: ['.clang-tidy', 'package-lock.json'],
    words: [toolVersion(clangTidyCommand)],
    check: checkUnit,
  });
}

async function checkUnit({ source, flags }, listing) {
  // clang-tidy does not list the files that it reads.
  const read = await finished(clangxxCommand, [...flags, '-MM', '-MF', listing, source]);
  if (read.code !== 0) return read;
  const { code, output } = await finished(clangTidyCommand, ['--quiet', source, '--', ...flags]);
  return { code, output: output.replace(/^\d+ warnings? .*\n/gm, '') };
}
