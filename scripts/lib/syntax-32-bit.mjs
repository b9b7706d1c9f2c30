// Checks the syntax of the native sources for 32 bits.
import { finished } from './compile.mjs';
import { nativeSources } from './files.mjs';
import { commonFlags, sourcesOf, windowsFlags } from './native-flags.mjs';
import { checkSources } from './source-checks.mjs';
import { mingw32Command, requirePrograms } from './system-packages.mjs';
import { toolVersion } from './tool-version.mjs';

const flags = [
  ...[...commonFlags, ...windowsFlags, '-Wall', '-Wextra', '-pedantic-errors', '-Werror', '-fsyntax-only'],
  // GCC 12 sees overlapping copies in every `"literal" + std::string` (its bug 105329).
  '-Wno-restrict',
];

/** Whether each native source compiles where a pointer has 32 bits: Windows' ia32, by MinGW. */
export async function checkSyntax32() {
  requirePrograms('lint');
  await checkSources('32-bit syntax', {
    units: sourcesOf(Object.keys(nativeSources())).map((source) => ({ source, flags })),
    files: ['package-lock.json'],
    words: [toolVersion(mingw32Command)],
    check: ({ source }, listing) => finished(mingw32Command, [...flags, '-MMD', '-MF', listing, source]),
  });
}
