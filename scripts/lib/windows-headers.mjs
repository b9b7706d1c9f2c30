// The headers that code for Windows may include.
import { existsSync, readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { filesUnder, nativeSources } from './files.mjs';
import { inProject } from './project.mjs';
import { Stop } from './run.mjs';

/**
 * The headers beside C++'s own that code for Windows may include, each with where it is known from: MSVC's first build
 * must find all of them, and nothing here but this list can tell. `only` names the one list of native/sources.json that may
 * include what the Windows SDK does not ship.
 */
export const windowsHeaders = {
  'windows.h': { from: 'Microsoft Learn, "Using the Windows Headers"' },
  'bcrypt.h': { from: 'Microsoft Learn, "BCryptGenRandom function (bcrypt.h)"' },
  'objbase.h': { from: 'Microsoft Learn, "CoInitialize function (objbase.h)"' },
  'ocidl.h': { from: 'Microsoft Learn, "IConnectionPointContainer interface (ocidl.h)"' },
  'oleauto.h': { from: 'Microsoft Learn, "SysAllocString function (oleauto.h)"' },
  'olectl.h': { from: 'Microsoft Learn, "Olectl.h header"' },
  'psapi.h': { from: 'Microsoft Learn, "GetProcessMemoryInfo function (psapi.h)"' },
  'websocket.h': { from: 'Microsoft Learn, "WebSocketSend function (websocket.h)"' },
  'winsock2.h': { from: 'Microsoft Learn, "Winsock2.h header"' },
  'httprequestid.h': { from: 'Windows SDK, um, beside httprequest.idl' },
  'httprequest.h': {
    from: "MIDL, of the Windows SDK's httprequest.idl: scripts/windows/sdk-check.mjs",
    only: 'sdk_check',
  },
  'emmintrin.h': { from: 'Microsoft Learn, "x64 (amd64) intrinsics list"' },
  'arm_neon.h': { from: 'Microsoft Learn, "ARM64 intrinsics"' },
  'intrin.h': { from: 'Microsoft Learn, "__cpuid, __cpuidex" and "ARM64 intrinsics"' },
  'napi.h': { from: 'npm, node-addon-api' },
  'node_api.h': { from: "node-gyp's headers of Node" },
};

// The files that no compiler for Windows sees: libFuzzer's.
const isForWindows = (file) => !file.startsWith('native/test/fuzz/');

/** Stops where a native file includes, as MSVC would see it, a header that is in no list, or one of ours that is not there. */
export function checkWindowsHeaders() {
  const ends = ['.cc', '.h', '.rc'];
  const files = [...filesUnder('native', ends), ...filesUnder('test/windows', ends)].filter(isForWindows);
  const faults = files.flatMap((file) => headerFaults(file, readFileSync(inProject(file), 'utf8')));
  if (faults.length > 0) throw new Stop(faults.join('\n'));
}

/** What is wrong with the includes of one file of this text. */
export function headerFaults(file, text) {
  return includesForWindows(text).flatMap(({ name, isOurs }) => {
    if (isOurs) return existsSync(inProject('native', name)) ? [] : [`${file}: "${name}" is not in native`];
    // C++'s own have no ending.
    if (/^[a-z_]+$/.test(name)) return [];
    const header = windowsHeaders[name];
    if (header === undefined) return [`${file}: <${name}> is not in the list of scripts/lib/windows-headers.mjs`];
    if (header.only === undefined || nativeSources()[header.only].includes(file)) return [];
    return [`${file}: only the files of "${header.only}" may include <${name}>`];
  });
}

/** What a text includes where MSVC compiles it: { name, isOurs }. */
export function includesForWindows(text) {
  const found = [];
  // For each #if around a line: whether its branch may be compiled, and whether a later one may be.
  const around = [];
  for (const [, directive, rest] of text.matchAll(/^[ \t]*#[ \t]*(\w+)[ \t]*(.*)$/gm)) {
    const condition = conditionOf(directive, rest.replace(/\/\/.*|\/\*.*/, '').trim());
    if (directive.startsWith('if')) around.push({ isIn: canBe(condition, true), isOpen: canBe(condition, false) });
    else if (directive.startsWith('el')) {
      const block = around.at(-1);
      block.isIn = block.isOpen && canBe(condition, true);
      block.isOpen &&= canBe(condition, false);
    } else if (directive === 'endif') around.pop();
    else if (directive === 'include' && around.every(({ isIn }) => isIn)) {
      const [, mark, name] = /^(["<])([^">]+)/.exec(rest);
      found.push({ name, isOurs: mark === '"' });
    }
  }
  return found;
}

function conditionOf(directive, text) {
  if (directive === 'else') return 'true';
  if (directive === 'ifdef' || directive === 'elifdef') return `defined(${text})`;
  return directive === 'ifndef' || directive === 'elifndef' ? `!defined(${text})` : text;
}

// What MSVC is known to define or not. Everything else may be so or so.
const macros = {
  _WIN32: true,
  _MSC_VER: true,
  __linux__: false,
  __APPLE__: false,
  __GNUC__: false,
  __MINGW32__: false,
};
const constants = { true: true, false: false };
const atom = /defined\s*\(\s*\w+\s*\)|defined\s+\w+|__has_include\s*\([^)]*\)|\w+(?:\s*(?:[<>]=?|[!=]=)\s*\w+)?/g;
const known = (text) => macros[/^(?:defined\W+)?(\w+)\W*$/.exec(text)?.[1]] ?? constants[text];

/** Whether a condition of the preprocessor can have this value for MSVC. */
function canBe(condition, value) {
  const unknown = [...new Set(condition.match(atom))].filter((text) => known(text) === undefined);
  return Array.from({ length: 2 ** unknown.length }, (_, bits) =>
    condition.replaceAll(atom, (text) => known(text) ?? Boolean((bits >> unknown.indexOf(text)) & 1)),
  ).some((expression) => runInNewContext(expression) === value);
}
