// Builds the fuzzers of the engine.
import { spawnSync } from 'node:child_process';
import { nativeSources } from '../../scripts/lib/files.mjs';
import { announce } from '../../scripts/lib/project.mjs';
import { Stop } from '../../scripts/lib/run.mjs';
import { clangxxCommand as compiler, installPackages } from '../../scripts/lib/system-packages.mjs';
import { baseFlags, compileObjects, link } from './compile.mjs';

const sanitizers = ['-fsanitize=address,undefined', '-fno-sanitize-recover=all'];
// An assertion of the standard library is a finding too.
const flags = [...baseFlags, ...sanitizers, '-O2', '-g', '-D_GLIBCXX_ASSERTIONS'];

/** The folder for all files of fuzzing; never committed. */
export const fuzzFolder = 'build/fuzz';

/** The targets, with the longest useful input and further options of libFuzzer. */
export const targets = {
  calls: { maxLength: 2048, options: [] },
  peer: { maxLength: 4096, options: [] },
  pump: { maxLength: 4096, options: [] },
  handshake: { maxLength: 2048, options: ['-dict=native/test/fuzz/handshake.dict'] },
};

/** The sources that a target needs besides engine and pump, without tests: models, the pumps' driver and others. */
function supportSources() {
  const { statements, engine_tests: tests } = nativeSources();
  const support = [...statements, ...tests].filter((file) =>
    /\/(support|model|pump|check\.cc|portable_handle)/.test(file),
  );
  return [...support.filter((file) => !file.endsWith('_test.cc')), 'native/test/fuzz/deterministic_random.cc'];
}

/**
 * New coverage counts only in the engine and the pump: coverage of the model would double the cost of an input and
 * mislead the search. The rounds of SHA-1 are the same for all inputs.
 */
const leads = (file) => /^native\/(engine|pump)\//.test(file) && !file.endsWith('/sha1.cc');

/** Builds the targets and resolves to their programs by name. */
export async function buildTargets(names) {
  ensureCompiler();
  announce(`${compiler}: building the fuzz targets (${fuzzFolder})`);
  const folder = `${fuzzFolder}/objects`;
  const compile = (sources, more = []) => compileObjects({ folder, compiler, flags: [...flags, ...more], sources });
  const { engine, pump } = nativeSources();
  const all = [...engine, ...pump, ...supportSources()];
  const common = [
    ...(await compile(all.filter(leads), ['-fsanitize=fuzzer-no-link'])),
    ...(await compile(all.filter((file) => !leads(file)))),
  ];
  const programs = {};
  for (const name of names) {
    const target = await compile([`native/test/fuzz/${name}.cc`]);
    programs[name] = `${fuzzFolder}/${name}`;
    const linkFlags = [...sanitizers, '-fsanitize=fuzzer'];
    link({ output: programs[name], compiler, flags: linkFlags, objects: [...common, ...target] });
  }
  return programs;
}

const canLink = () => {
  const source = 'extern "C" int LLVMFuzzerTestOneInput(const unsigned char*, unsigned long) { return 0; }';
  const args = ['-x', 'c++', '-', '-fsanitize=fuzzer,address,undefined', '-o', '/dev/null'];
  return spawnSync(compiler, args, { input: source, stdio: ['pipe', 'ignore', 'ignore'] }).status === 0;
};

/**
 * Ensures clang with libFuzzer and the sanitizers' runtime: installs it if possible, else stops with the command to
 * run.
 */
function ensureCompiler() {
  if (canLink()) return;
  if (process.platform !== 'linux') throw new Stop(`npm run fuzz needs ${compiler} with libFuzzer`);
  installPackages('sanitizers');
  if (!canLink()) throw new Stop(`${compiler} still builds nothing with -fsanitize=fuzzer`);
}
