// The commands that compare native/abi with the Windows SDK.
import path from 'node:path';
import { windowsFlags } from '../native-checks/native-flags.mjs';
import { includesForWindows } from '../native-checks/windows-headers.mjs';

// midl.exe's names.
const midlEnvironments = { x64: 'x64', x86: 'win32', arm64: 'arm64' };

/** Returns the command that sets Visual Studio up to build for `arch` on a machine of `host`. */
export function environmentCommand(studio, arch, host) {
  const own = host === 'arm64' ? 'arm64' : 'x64';
  const vcvars = path.win32.join(studio, 'VC/Auxiliary/Build/vcvarsall.bat');
  return `"${vcvars}" ${arch === own ? own : `${own}_${arch}`}`;
}

/** Returns the commands for one architecture; `sdk` is the SDK's folder of includes. */
export function sdkCheckCommands({ arch, sdk, sources }) {
  const folder = `build/sdk-check/${arch}`;
  const midl = ['midl', '/nologo', '/env', midlEnvironments[arch], '/out', folder, '/h', 'httprequest.h'];
  // As in native/target.gypi.
  const compile = [
    ...['cl', '/nologo', '/c', '/std:c++20', '/permissive-', '/utf-8', '/EHsc', '/W4', '/WX'],
    ...['/external:anglebrackets', '/external:W0', ...windowsFlags, '/Inative', `/I${folder}`, '/showIncludes'],
  ];
  return {
    folder,
    midl: [...midl, path.win32.join(sdk, 'um', 'httprequest.idl')],
    compilations: sources.map((source) => {
      const object = `${folder}/${path.posix.basename(source, '.cc')}.obj`;
      return { source, object, command: [...compile, `/Fo${object}`, source] };
    }),
  };
}

/** Returns the compared headers: all Windows headers that the text includes. */
export const comparedHeaders = (text) =>
  includesForWindows(text)
    .filter(({ name, isOurs }) => !isOurs && name.endsWith('.h'))
    .map(({ name }) => name);

/** Returns those headers that the compiler did not read, according to /showIncludes. */
export function missingHeaders(headers, output) {
  const read = new Set(output.split(/\r?\n/).map((line) => line.trim().split(/[\\/]/).at(-1).toLowerCase()));
  return headers.filter((header) => !read.has(header));
}
