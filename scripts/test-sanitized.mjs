// npm run test:sanitized [-- FILTER...]: builds the addon under AddressSanitizer and UndefinedBehaviorSanitizer and runs the
// suite, or the parts that are named, with it. On Linux, with GCC.
import { execFileSync } from 'node:child_process';
import { baseFlags, compileObjects, link } from './lib/compile.mjs';
import { sanitizers } from './lib/engine-tests-build.mjs';
import { ensureReady } from './lib/ensure-ready.mjs';
import { nativeSources } from './lib/files.mjs';
import { announce, inProject } from './lib/project.mjs';
import { exitCodeOf, main, Stop } from './lib/run.mjs';

const folder = 'build/sanitized';
const compiler = 'g++';
const flags = [
  ...[...baseFlags, '-O1', '-g', '-fPIC', '-fexceptions', '-Wno-restrict', ...sanitizers],
  ...['-isystem', 'node_modules/node-api-headers/include', '-isystem', 'node_modules/node-addon-api'],
  ...['-DNAPI_VERSION=9', '-DNODE_ADDON_API_CPP_EXCEPTIONS', '-DNODE_ADDON_API_CPP_EXCEPTIONS_ALL'],
  '-DNODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS',
];
// What is about the memory of the process or the stack of a crash says nothing here, and other programs are not built so.
const suites = ['test/websocket', 'test/winhttp/request', 'test/interop/ws.test.ts'].concat(
  ['closed', 'random-calls', 'reentrancy'].map((name) => `test/integrity/${name}.test.ts`),
);

main(async (args) => {
  if (process.platform !== 'linux') throw new Stop('npm run test:sanitized needs Linux and GCC');
  ensureReady();
  announce(`${compiler}: building the addon and the probe under the sanitizers in ${folder}`);
  const { engine, backend, pump, binding, probe, statements } = nativeSources();
  const core = await compileObjects({ folder, compiler, flags, sources: [...engine, ...backend, ...pump] });
  await buildAddon('winwire', binding, core);
  await buildAddon('winwire_probe', [...probe, ...statements], core);
  announce('vitest with it');
  const vitest = inProject('node_modules/vitest/vitest.mjs');
  return exitCodeOf(process.execPath, [vitest, 'run', ...(args.length > 0 ? args : suites)], {
    env: {
      ...process.env,
      WINWIRE_BINDING: inProject(folder, 'winwire.node'),
      LD_PRELOAD: ['libasan.so', 'libubsan.so'].map(runtimeFile).join(' '),
      // Node keeps memory to its end.
      ASAN_OPTIONS: 'detect_leaks=0',
      UBSAN_OPTIONS: 'print_stacktrace=1',
    },
  });
});

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
