// Compiles a mutant of the engine and runs its tests.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { announce, inProject } from '../../scripts/lib/project.mjs';
import { run, Stop } from '../../scripts/lib/run.mjs';
import { baseFlags, compileObjects, dependenciesOf, finished, link } from '../native-build/compile.mjs';
import { engineOnlySources, variants } from '../native-build/engine-tests-build.mjs';
import { mutated } from './mutants.mjs';

const folder = 'build/mutation';
const compiler = 'c++';
// Stops a mutant that allocates without end. The tests do not wait, so their time is CPU time, which other work on the
// machine does not prolong.
const limits = { plain: `ulimit -v ${2 * 1024 * 1024}; ulimit -t 10`, sanitize: 'ulimit -t 60' };
const options = { plain: ['-O1'], sanitize: variants.sanitize };

/** Builds the tests of the unchanged engine, once for each of the two ways, and runs them. */
export async function prepare() {
  // An interrupted run may have left a mutated file.
  rmSync(inProject(folder, 'workers'), { recursive: true, force: true });
  const bases = { plain: await prepareBase('plain'), sanitize: await prepareBase('sanitize') };
  const knownCode = new Set();
  return { tryMutant: (mutant, worker) => tryMutant(mutant, { bases, worker, knownCode }), close() {} };
}

async function prepareBase(variant) {
  announce(`building the engine's tests without a mutation (${folder}/${variant})`);
  const sources = engineOnlySources();
  const flags = [...baseFlags, ...options[variant]];
  const objects = await compileObjects({ folder: `${folder}/${variant}`, compiler, flags, sources });
  const program = `${folder}/${variant}/engine_tests`;
  const linkFlags = ['-pthread', ...flags.filter((flag) => flag.startsWith('-fsanitize')), ...fastLinker()];
  link({ output: program, compiler, flags: linkFlags, objects });
  const { code, output } = await runTests(program, variant);
  if (code !== 0) throw new Stop(`The engine's tests fail without a mutation:\n${output}`);
  return { variant, parts: sources.map((source, i) => ({ source, object: objects[i] })), linkFlags };
}

function fastLinker() {
  try {
    run('c++', ['-fuse-ld=gold', '-Wl,--version'], { stdio: ['ignore', 'ignore', 'ignore'] });
    return ['-fuse-ld=gold'];
  } catch {
    return [];
  }
}

const runTests = (program, variant) => finished('sh', ['-c', `${limits[variant]}; exec ${program} --stop`]);

/**
 * Builds and tests one mutant in the folder of a worker. Resolves to its fate: "caught" (by which test), "survived",
 * "same code" (the compiler output equals that of the original or an earlier mutant) or "does not compile". A mutant
 * that no test catches is built and tested again with the sanitizers.
 */
async function tryMutant(mutant, { bases, worker, knownCode }) {
  const work = `${folder}/workers/${worker}`;
  const overlay = `${work}/source/${mutant.file}`;
  mkdirSync(path.dirname(inProject(overlay)), { recursive: true });
  writeFileSync(inProject(overlay), mutated(readFileSync(inProject(mutant.file), 'utf8'), mutant));
  try {
    const result = await buildAndTest(mutant, { base: bases.plain, work, knownCode });
    if (result.fate !== 'survived') return result;
    const { fate, by } = await buildAndTest(mutant, { base: bases.sanitize, work });
    return fate === 'caught' ? { fate, by: `${by} (sanitizers)` } : { fate: 'survived' };
  } finally {
    rmSync(inProject(overlay));
  }
}

async function buildAndTest(mutant, { base, work, knownCode }) {
  const affected = base.parts.filter(({ object }) => dependenciesOf(object).includes(mutant.file));
  const made = new Map();
  for (const { source, object } of affected) {
    const mutantObject = `${work}/${base.variant}/${source}.o`;
    if (!(await compileMutant({ work, base, source, object: mutantObject }))) return { fate: 'does not compile' };
    made.set(object, mutantObject);
  }
  if (knownCode && isKnown(mutant.file, made, knownCode)) return { fate: 'same code' };
  const objects = base.parts.map(({ object }) => made.get(object) ?? object);
  const program = `${work}/${base.variant}/engine_tests`;
  await linkMutant(program, base.linkFlags, objects);
  return judge(await runTests(program, base.variant));
}

/** Whether the compiler output of this mutant equals that of the original or an earlier mutant. */
function isKnown(file, made, knownCode) {
  const digestOf = (objects) => {
    const hash = createHash('sha256').update(file);
    for (const object of objects) hash.update(readFileSync(inProject(object)));
    return hash.digest('hex');
  };
  const digest = digestOf(made.values());
  const known = knownCode.has(digest) || digest === digestOf(made.keys());
  knownCode.add(digest);
  return known;
}

/** The mutated file takes precedence over the original; everything else is read in place. */
async function compileMutant({ work, base, source, object }) {
  mkdirSync(path.dirname(inProject(object)), { recursive: true });
  const own = `${work}/source/${source}`;
  const file = existsSync(inProject(own)) ? own : source;
  const flags = ['-std=c++20', '-w', `-I${work}/source/native`, '-Inative', ...options[base.variant]];
  const { code } = await finished(compiler, [...flags, '-c', file, '-o', object]);
  return code === 0;
}

async function linkMutant(program, linkFlags, objects) {
  const { code, output } = await finished(compiler, [...linkFlags, '-o', program, ...objects]);
  if (code !== 0) throw new Stop(output);
}

function judge({ code, signal, output }) {
  if (code === 0) return { fate: 'survived' };
  const report = /^(?:SUMMARY: |\S+: runtime error: )(.*)$/m.exec(output);
  if (report) return { fate: 'caught', by: report[1] };
  if (code === null) return { fate: 'caught', by: /XCPU|KILL/.test(signal) ? 'the time limit' : `a crash (${signal})` };
  const failed = /^not ok (.*)$/m.exec(output);
  return { fate: 'caught', by: failed ? failed[1] : `exit code ${code}` };
}
