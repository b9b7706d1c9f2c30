// clang-tidy over the native sources.
import { finished } from './compile.mjs';
import { commonFlags, sourcesOf, windowsFlags } from './native-flags.mjs';
import { checkSources } from './source-checks.mjs';
import { clangTidyCommand, clangxxCommand, requirePrograms } from './system-packages.mjs';
import { toolVersion } from './tool-version.mjs';

// Nearest to what MSVC says at /W4 (C4244, C4267, C4456 to C4459, C4702, C4245), which no compiler here does.
const warnings = [
  ...['-Wall', '-Wextra', '-Wshadow', '-Wunreachable-code'],
  ...['-Wshorten-64-to-32', '-Wimplicit-int-conversion'],
];

// With MinGW's headers, which it finds where Debian has them.
const forWindows = ['--target=x86_64-w64-mingw32', ...windowsFlags];

// What this system compiles of the package. The tests and Windows' half take minutes more.
const shipped = [{ lists: ['engine', 'backend', 'pump', 'binding'], flags: [] }];
const tests = [
  { lists: ['statements', 'engine_tests', 'probe', 'standin'], flags: [] },
  { lists: ['winhttp_statements', 'winhttp_standin', 'winhttp_baseline'], flags: forWindows },
  { lists: ['windows', 'winhttp', 'winhttp_binding'], flags: forWindows },
];

/** Checks the sources of the package, with `all` those of the tests too. */
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
  // clang-tidy itself writes no list of what it reads.
  const read = await finished(clangxxCommand, [...flags, '-MM', '-MF', listing, source]);
  if (read.code !== 0) return read;
  const { code, output } = await finished(clangTidyCommand, ['--quiet', source, '--', ...flags]);
  return { code, output: output.replace(/^\d+ warnings? .*\n/gm, '') };
}
