// node tools/windows/sdk-check.mjs [--arch x64|x86|arm64]... [--dry-run]: compares the declarations of native/abi with the
// Windows SDK's. For each architecture MIDL makes httprequest.h of the SDK's httprequest.idl, and the compiler takes the
// files of `sdk_check` in native/sources.json, whose assertions fail where something differs. --dry-run prints the commands.
// Windows with Visual Studio. On x64 all three architectures are the default, on ARM its own.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { nativeSources } from '../../scripts/lib/files.mjs';
import { announce, inProject } from '../../scripts/lib/project.mjs';
import { main, runQuietly, Stop } from '../../scripts/lib/run.mjs';
import { comparedHeaders, environmentCommand, missingHeaders, sdkCheckCommands } from './sdk-check-commands.mjs';

const architectures = ['x64', 'x86', 'arm64'];
const sources = nativeSources().sdk_check;
const options = { arch: { type: 'string', multiple: true }, 'dry-run': { type: 'boolean', default: false } };

main((args) => {
  const { arch = process.arch === 'arm64' ? ['arm64'] : architectures, 'dry-run': isDry } = parseArgs({
    args,
    options,
  }).values;
  const unknown = arch.filter((name) => !architectures.includes(name));
  if (unknown.length > 0) throw new Stop(`unknown architecture ${unknown.join(', ')}; use ${architectures.join(', ')}`);
  if (isDry) return void arch.forEach(printCommands);
  if (process.platform !== 'win32') throw new Stop('sdk-check.mjs needs Windows with Visual Studio; see --dry-run');
  const studio = findVisualStudio();
  for (const name of arch) check(name, studio);
});

function printCommands(arch) {
  const sdk = '%WindowsSdkDir%Include\\%WindowsSDKVersion%';
  const { folder, midl, compilations } = sdkCheckCommands({ arch, sdk, sources });
  console.log(`# ${arch}, into ${folder}`);
  console.log(environmentCommand('%VisualStudio%', arch, process.arch));
  for (const command of [midl, ...compilations.map(({ command }) => command)]) console.log(command.join(' '));
}

function findVisualStudio() {
  const folder = process.env['ProgramFiles(x86)'] ?? 'C:\\Program Files (x86)';
  const vswhere = path.join(folder, 'Microsoft Visual Studio/Installer/vswhere.exe');
  const found = runQuietly(vswhere, ['-latest', '-products', '*', '-property', 'installationPath']).trim();
  if (found === '') throw new Stop(`${vswhere} knows no Visual Studio`);
  return found;
}

/** Returns the variables of a Visual Studio command prompt for this architecture. */
function developerEnvironment(studio, arch) {
  const command = environmentCommand(studio, arch, process.arch);
  const options = { windowsVerbatimArguments: true };
  const printed = runQuietly(process.env.ComSpec ?? 'cmd.exe', ['/d', '/s', '/c', `"${command} && set"`], options);
  const pairs = [...printed.matchAll(/^([^=\r\n]+)=(.*?)\r?$/gm)].map(([, name, value]) => [name, value]);
  return Object.fromEntries(pairs);
}

function check(arch, studio) {
  const env = developerEnvironment(studio, arch);
  const sdk = path.join(env.WindowsSdkDir ?? '', 'Include', env.WindowsSDKVersion ?? '');
  const { folder, midl, compilations } = sdkCheckCommands({ arch, sdk, sources });
  announce(`${arch}: native/abi and the Windows SDK ${env.WindowsSDKVersion}`);
  rmSync(inProject(folder), { recursive: true, force: true });
  mkdirSync(inProject(folder), { recursive: true });
  runQuietly(midl[0], midl.slice(1), { env });
  for (const { source, object, command } of compilations) {
    const output = runQuietly(command[0], command.slice(1), { env });
    // A file that is empty after preprocessing compiles too.
    const missing = missingHeaders(comparedHeaders(readFileSync(inProject(source), 'utf8')), output);
    if (missing.length > 0) throw new Stop(`${source} was compiled without ${missing.join(', ')}:\n${output}`);
    if (!existsSync(inProject(object))) throw new Stop(`${source} was not compiled: there is no ${object}`);
    console.log(`${source}: the same`);
  }
}
