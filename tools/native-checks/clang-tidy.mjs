// clang-tidy over the native sources.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inProject } from '../../scripts/lib/project.mjs';
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

// The sources of the package that this system compiles, those of a group as one: most of the time goes into headers. The
// tests and Windows' part take minutes more.
const shipped = [['engine'], ['backend', 'registry', 'pump', 'threads', 'auth', 'auth_gss'], ['binding', 'module']];
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
  const unit = (source, flags = []) => ({ source, flags: [...commonFlags, ...warnings, ...flags] });
  const units = shipped.map((lists) => unit(united(lists)));
  const others = all ? tests.flatMap(({ lists, flags }) => sourcesOf(lists).map((source) => unit(source, flags))) : [];
  // Some sources are in two lists.
  const bySource = new Map([...others, ...units].map((one) => [one.source, one]));
  await checkSources('clang-tidy', {
    units: [...bySource.values()],
    files: ['.clang-tidy', 'package-lock.json'],
    words: [toolVersion(clangTidyCommand)],
    check: checkUnit,
  });
}

/** Writes a source that includes those of the lists. The analyzer takes included files for sources under this name only. */
function united(lists) {
  const file = `build/lint/UnifiedSource-${lists[0]}.cc`;
  const lines = sourcesOf(lists).map(
    (source) => `#include "${path.posix.relative('native', source)}"  // NOLINT(bugprone-suspicious-include)\n`,
  );
  mkdirSync(inProject('build/lint'), { recursive: true });
  writeFileSync(inProject(file), lines.join(''));
  return file;
}

async function checkUnit({ source, flags }, listing) {
  // clang-tidy does not list the files that it reads.
  const read = await finished(clangxxCommand, [...flags, '-MM', '-MF', listing, source]);
  if (read.code !== 0) return read;
  const { code, output } = await finished(clangTidyCommand, ['--quiet', source, '--', ...flags]);
  return { code, output: output.replace(/^\d+ warnings? .*\n/gm, '') };
}
