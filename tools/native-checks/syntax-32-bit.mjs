// Checks the syntax of the native sources for 32 bits.
import { nativeSources } from '../../scripts/lib/files.mjs';
import { mingw32Command, requirePrograms } from '../../scripts/lib/system-packages.mjs';
import { finished } from '../native-build/compile.mjs';
import { toolVersion } from '../native-build/tool-version.mjs';
import { commonFlags, sourcesOf, windowsFlags } from './native-flags.mjs';
import { checkSources } from './source-checks.mjs';

const flags = [
  ...[...commonFlags, ...windowsFlags, '-Wall', '-Wextra', '-pedantic-errors', '-Werror', '-fsyntax-only'],
  // GCC 12 wrongly reports overlapping copies in every `"literal" + std::string` (its bug 105329).
  '-Wno-restrict',
];

// GSSAPI is not for Windows.
const lists = Object.keys(nativeSources()).filter((list) => !list.includes('gss'));

/** Checks that each native source compiles with 32-bit pointers: Windows' ia32, by MinGW. */
export async function checkSyntax32() {
  requirePrograms('lint');
  await checkSources('32-bit syntax', {
    units: sourcesOf(lists).map((source) => ({ source, flags })),
    files: ['package-lock.json'],
    words: [toolVersion(mingw32Command)],
    check: ({ source }, listing) => finished(mingw32Command, [...flags, '-MMD', '-MF', listing, source]),
  });
}
