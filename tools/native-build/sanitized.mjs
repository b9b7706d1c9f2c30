// Builds the addon and the probe under AddressSanitizer and UndefinedBehaviorSanitizer. On Linux, with GCC.
import { execFileSync } from 'node:child_process';
import { nativeSources } from '../../scripts/lib/files.mjs';
import { announce, inProject } from '../../scripts/lib/project.mjs';
import { baseFlags, compileObjects, link } from './compile.mjs';
import { sanitizers } from './engine-tests-build.mjs';

const folder = 'build/sanitized';
const compiler = 'g++';
const flags = [
  ...[...baseFlags, '-O1', '-g', '-fPIC', '-fexceptions', '-Wno-restrict', ...sanitizers],
  ...['-isystem', 'node_modules/node-api-headers/include', '-isystem', 'node_modules/node-addon-api'],
  ...['-DNAPI_VERSION=9', '-DNODE_ADDON_API_CPP_EXCEPTIONS', '-DNODE_ADDON_API_CPP_EXCEPTIONS_ALL'],
  '-DNODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS',
];

/** Resolves to the environment in which Node loads them. */
export async function buildSanitized() {
  announce(`${compiler}: building the addon and the probe under the sanitizers in ${folder}`);
  const { engine, backend, module, registry, pump, threads, auth, binding, probe, statements, ...more } =
    nativeSources();
  const core = await compileObjects({
    folder,
    compiler,
    flags,
    sources: [...engine, ...backend, ...registry, ...pump, ...threads, ...auth, ...more.auth_gss],
  });
  await buildAddon('winwire', [...module, ...binding], core);
  await buildAddon('winwire_probe', [...probe, ...more.probe_gss, ...statements], core);
  return {
    WINWIRE_BINDING: inProject(folder, 'winwire.node'),
    LD_PRELOAD: ['libasan.so', 'libubsan.so'].map(runtimeFile).join(' '),
    // Node does not free all memory at its end.
    ASAN_OPTIONS: 'detect_leaks=0',
    UBSAN_OPTIONS: 'print_stacktrace=1',
  };
}

async function buildAddon(name, sources, core) {
  const named = [...flags, `-DNODE_GYP_MODULE_NAME=${name}`];
  const objects = await compileObjects({ folder: `${folder}/${name}`, compiler, flags: named, sources });
  link({
    output: `${folder}/${name}.node`,
    compiler,
    flags: ['-shared', ...sanitizers],
    objects: [...core, ...objects],
  });
}

const runtimeFile = (name) => execFileSync(compiler, [`-print-file-name=${name}`], { encoding: 'utf8' }).trim();
