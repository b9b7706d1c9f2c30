// The allowed headers of code for Windows.
import { existsSync, readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { filesUnder, nativeSources } from '../../scripts/lib/files.mjs';
import { inProject } from '../../scripts/lib/project.mjs';
import { Stop } from '../../scripts/lib/run.mjs';

/**
 * The headers beside C++'s own that code for Windows may include, each with its evidence: MSVC's first build must find
 * all of them, which only this list can check here. `only` names the one list of native/sources.json that may include a
 * header that the Windows SDK lacks.
 */
export const windowsHeaders = {
  'windows.h': { from: 'Microsoft Learn, "Using the Windows Headers"' },
  'bcrypt.h': { from: 'Microsoft Learn, "BCryptGenRandom function (bcrypt.h)"' },
  'objbase.h': { from: 'Microsoft Learn, "CoInitialize function (objbase.h)"' },
  'ocidl.h': { from: 'Microsoft Learn, "IConnectionPointContainer interface (ocidl.h)"' },
  'oleauto.h': { from: 'Microsoft Learn, "SysAllocString function (oleauto.h)"' },
  'olectl.h': { from: 'Microsoft Learn, "Olectl.h header"' },
  'psapi.h': { from: 'Microsoft Learn, "GetProcessMemoryInfo function (psapi.h)"' },
  'security.h': { from: 'Microsoft Learn, "InitSecurityInterfaceW function (sspi.h)"' },
  'winhttp.h': { from: 'Microsoft Learn, "WinHttpGetProxyForUrl function (winhttp.h)"' },
  'websocket.h': { from: 'Microsoft Learn, "WebSocketSend function (websocket.h)"' },
  'winsock2.h': { from: 'Microsoft Learn, "Winsock2.h header"' },
  'httprequestid.h': { from: 'Windows SDK, um, beside httprequest.idl' },
  'httprequest.h': {
    from: "MIDL, of the Windows SDK's httprequest.idl: tools/windows/sdk-check.mjs",
    only: 'sdk_check',
  },
  'emmintrin.h': { from: 'Microsoft Learn, "x64 (amd64) intrinsics list"' },
  'arm_neon.h': { from: 'Microsoft Learn, "ARM64 intrinsics"' },
  'intrin.h': { from: 'Microsoft Learn, "__cpuid, __cpuidex" and "ARM64 intrinsics"' },
  'napi.h': { from: 'npm, node-addon-api' },
  'node_api.h': { from: "node-gyp's headers of Node" },
};

// Files that are not compiled for Windows: libFuzzer's, and GSSAPI.
const isForWindows = (file) => !file.startsWith('native/test/fuzz/') && !/\/gss_\w+\.(cc|h)$/.test(file);

/** Stops if a native file includes, as MSVC would, an unlisted header, or one of ours that does not exist. */
export function checkWindowsHeaders() {
  const ends = ['.cc', '.h', '.rc'];
  const files = [...filesUnder('native', ends), ...filesUnder('test/windows', ends)].filter(isForWindows);
  const faults = files.flatMap((file) => headerFaults(file, readFileSync(inProject(file), 'utf8')));
  if (faults.length > 0) throw new Stop(faults.join('\n'));
}

/** Returns the faults of the includes of one file with this text. */
export function headerFaults(file, text) {
  return includesForWindows(text).flatMap(({ name, isOurs }) => {
    if (isOurs) return existsSync(inProject('native', name)) ? [] : [`${file}: "${name}" is not in native`];
    // C++'s own headers have no extension.
    if (/^[a-z_]+$/.test(name)) return [];
    const header = windowsHeaders[name];
    if (header === undefined)
      return [`${file}: <${name}> is not in the list of tools/native-checks/windows-headers.mjs`];
    if (header.only === undefined || nativeSources()[header.only].includes(file)) return [];
    return [`${file}: only the files of "${header.only}" may include <${name}>`];
  });
}

/** Returns the includes of a text for MSVC: { name, isOurs }. */
export function includesForWindows(text) {
  const found = [];
  // For each enclosing #if: whether its branch may be compiled, and whether a later one may be.
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

// The known state of macros with MSVC. All others are undecided.
const macros = {
  _WIN32: true,
  _MSC_VER: true,
  __linux__: false,
  __APPLE__: false,
  __GNUC__: false,
  __GLIBC__: false,
  __MINGW32__: false,
};
const constants = { true: true, false: false };
const atom = /defined\s*\(\s*\w+\s*\)|defined\s+\w+|__has_include\s*\([^)]*\)|\w+(?:\s*(?:[<>]=?|[!=]=)\s*\w+)?/g;
const known = (text) => macros[/^(?:defined\W+)?(\w+)\W*$/.exec(text)?.[1]] ?? constants[text];

/** Whether a preprocessor condition can have this value with MSVC. */
function canBe(condition, value) {
  const unknown = [...new Set(condition.match(atom))].filter((text) => known(text) === undefined);
  return Array.from({ length: 2 ** unknown.length }, (_, bits) =>
    condition.replaceAll(atom, (text) => known(text) ?? Boolean((bits >> unknown.indexOf(text)) & 1)),
  ).some((expression) => runInNewContext(expression) === value);
}
