import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { baseFlags, compileObjects, dependenciesOf, finished, link } from './compile.mjs';
import { engineTestSources } from './engine-tests-build.mjs';
import { mutated } from './mutate-operators.mjs';
import { inProject } from './project.mjs';
import { run, Stop } from './run.mjs';

const folder = 'build/mutation';
const compiler = 'c++';
const flags = [...baseFlags, '-O1'];
// A mutant that allocates without end is stopped before the machine is. The tests wait for nothing, so their time is
// that of the processor, which no other work on the machine prolongs.
const memoryLimitKb = 2 * 1024 * 1024;
const cpuLimitSeconds = 10;

/** Builds the tests of the engine as it is and runs them. */
export async function prepareBase() {
  const sources = engineTestSources();
  const objects = await compileObjects({ folder: `${folder}/base`, compiler, flags, sources });
  const program = `${folder}/base/engine_tests`;
  const linkFlags = ['-pthread', ...fastLinker()];
  link({ output: program, compiler, flags: linkFlags, objects });
  const { code, output } = await runTests(program);
  if (code !== 0) throw new Stop(`The engine's tests fail without a mutation:\n${output}`);
  return { parts: sources.map((source, i) => ({ source, object: objects[i] })), linkFlags };
}

function fastLinker() {
  try {
    run('c++', ['-fuse-ld=gold', '-Wl,--version'], { stdio: ['ignore', 'ignore', 'ignore'] });
    return ['-fuse-ld=gold'];
  } catch {
    return [];
  }
}

const runTests = (program) =>
  finished('sh', ['-c', `ulimit -v ${memoryLimitKb}; ulimit -t ${cpuLimitSeconds}; exec ${program} --stop`]);

/**
 * Builds and tests one mutant in the folder of a worker. Resolves to its fate: "caught" (by which test), "survived",
 * "same code" (the compiler makes the same of it, or of a mutant before it) or "does not compile".
 */
export async function tryMutant(mutant, { base, worker, knownCode }) {
  const work = `${folder}/worker-${worker}`;
  const overlay = `${work}/${mutant.file}`;
  mkdirSync(path.dirname(inProject(overlay)), { recursive: true });
  const source = readFileSync(inProject(mutant.file), 'utf8');
  writeFileSync(inProject(overlay), mutated(source, mutant));
  try {
    return await buildAndTest(mutant, { base, work, knownCode });
  } finally {
    rmSync(inProject(overlay));
  }
}

async function buildAndTest(mutant, { base, work, knownCode }) {
  const affected = base.parts.filter(({ object }) => dependenciesOf(object).includes(mutant.file));
  const code = createHash('sha256').update(mutant.file);
  let changed = false;
  for (const { source, object } of affected) {
    const mutantObject = `${work}/${source}.o`;
    if (!(await compileMutant(work, source, mutantObject))) return { fate: 'does not compile' };
    const bytes = readFileSync(inProject(mutantObject));
    code.update(bytes);
    changed ||= !bytes.equals(readFileSync(inProject(object)));
  }
  const digest = code.digest('hex');
  if (!changed || knownCode.has(digest)) return { fate: 'same code' };
  knownCode.add(digest);
  const replaced = new Set(affected.map(({ source }) => source));
  const objects = base.parts.map(({ source, object }) => (replaced.has(source) ? `${work}/${source}.o` : object));
  const program = `${work}/engine_tests`;
  await linkMutant(program, base.linkFlags, objects);
  return judge(await runTests(program));
}

/** The mutated file is found before the real one; everything else is read where it is. */
async function compileMutant(work, source, object) {
  mkdirSync(path.dirname(inProject(object)), { recursive: true });
  const own = `${work}/${source}`;
  const file = existsSync(inProject(own)) ? own : source;
  const options = flags.filter((flag) => !/^-(W|pedantic)/.test(flag));
  const { code } = await finished(compiler, ['-w', `-I${work}/native`, ...options, '-c', file, '-o', object]);
  return code === 0;
}

async function linkMutant(program, linkFlags, objects) {
  const { code, output } = await finished(compiler, [...linkFlags, '-o', program, ...objects]);
  if (code !== 0) throw new Stop(output);
}

function judge({ code, signal, output }) {
  if (code === 0) return { fate: 'survived' };
  if (code === null) return { fate: 'caught', by: /XCPU|KILL/.test(signal) ? 'the time limit' : `a crash (${signal})` };
  const failed = /^not ok (.*)$/m.exec(output);
  return { fate: 'caught', by: failed ? failed[1] : `exit code ${code}` };
}
