// npm run mutate -- [--file TEXT]... [--since COMMIT] [--untried] [--survivors] [--sample N [--each]] [--seed N] [--jobs N]
// [--tests N]
// Flips one condition of the engine or of lib at a time and runs its tests. Results go to build/mutation.json in place of
// older ones of the same mutants, so that a run may be cut into parts and, with --untried, taken up again; the pages of
// docs are written when enough mutants have one. --survivors leaves out what has been caught, --each samples each file,
// --tests limits the test files of lib for a mutant: most are reached by over a hundred, which take minutes.
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { explainedSurvivors, isCounted, scoreOf, writePage } from '../tools/mutate/page.mjs';
import { byFate, keepResult, resultsOf } from '../tools/mutate/results.mjs';
import { subjects } from '../tools/mutate/subjects.mjs';
import { announce } from './lib/project.mjs';
import { main, run, Stop } from './lib/run.mjs';

const options = {
  file: { type: 'string', multiple: true, default: [] },
  since: { type: 'string' },
  untried: { type: 'boolean', default: false },
  survivors: { type: 'boolean', default: false },
  sample: { type: 'string' },
  each: { type: 'boolean', default: false },
  seed: { type: 'string', default: '1' },
  jobs: { type: 'string', default: String(availableParallelism()) },
  tests: { type: 'string', default: '30' },
};

main(async (args) => {
  const { values } = parseArgs({ args, options });
  const faults = [];
  for (const subject of subjects) faults.push(...(await mutate(subject, values)));
  if (faults.length > 0) throw new Stop(faults.join('\n'));
});

/** Tries the selected mutants of a subject, and returns the problems found. */
async function mutate(subject, values) {
  const all = subject.mutants();
  const mutants = select(all, values);
  if (mutants.length === 0) return [];
  announce(`${subject.title}: ${mutants.length} mutants, ${values.jobs} at a time`);
  const runner = await subject.prepare(all, { jobs: Number(values.jobs), tests: Number(values.tests) });
  try {
    report(subject, await tryAll(mutants, runner.tryMutant, Number(values.jobs)));
  } finally {
    runner.close();
  }
  return conclude(subject, all);
}

function conclude(subject, all) {
  const results = resultsOf(all);
  announce(`${all.length - results.length} of ${all.length} mutants have no result yet`);
  if (!isEnough(subject, all, results)) return [];
  announce(`written: ${writePage(subject, all, results)}`);
  const score = scoreOf(results);
  if (score >= subject.wantedScore) return [];
  return [`${subject.title}: only ${score.toFixed(1)} % are caught; ${subject.wantedScore} % are wanted.`];
}

function isEnough({ wantedSample }, all, results) {
  const countIn = (list, file) => list.filter((one) => one.file === file).length;
  const files = [...new Set(all.map(({ file }) => file))];
  return files.every((file) => countIn(results, file) >= Math.min(wantedSample, countIn(all, file)));
}

function select(all, { file, since, untried, survivors, sample, each, seed }) {
  let mutants = all;
  if (file.length > 0) mutants = mutants.filter((mutant) => file.some((text) => mutant.file.includes(text)));
  if (since !== undefined) {
    const changed = run('git', ['diff', '--name-only', since], { stdio: ['ignore', 'pipe', 'inherit'] }).split('\n');
    mutants = mutants.filter((mutant) => changed.includes(mutant.file));
  }
  if (sample !== undefined) mutants = sampleOf(mutants, { count: Number(sample), seed: Number(seed), each });
  if (untried) mutants = mutants.filter(byFate((fate) => fate === undefined));
  if (survivors) mutants = mutants.filter(byFate((fate) => fate === undefined || fate === 'survived'));
  return mutants;
}

/** Returns `count` mutants, or this many per file, by a reproducible shuffle and in their order. */
function sampleOf(mutants, { count, seed, each }) {
  let state = seed >>> 0;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const shuffled = mutants.map((mutant) => ({ mutant, key: random() })).sort((a, b) => a.key - b.key);
  const taken = new Map();
  const chosen = new Set();
  for (const { mutant } of shuffled) {
    const group = each ? mutant.file : 'all';
    taken.set(group, (taken.get(group) ?? 0) + 1);
    if (taken.get(group) <= count) chosen.add(mutant);
  }
  return mutants.filter((mutant) => chosen.has(mutant));
}

async function tryAll(mutants, tryMutant, jobs) {
  const results = [];
  let next = 0;
  const work = async (worker) => {
    while (next < mutants.length) {
      const mutant = mutants[next++];
      const result = { ...mutant, ...(await tryMutant(mutant, worker)) };
      if (result.fate !== undefined) keepResult(result);
      results.push(result);
      tell(results, mutants.length);
    }
  };
  await Promise.all(Array.from({ length: jobs }, (_, worker) => work(worker)));
  return results;
}

function tell(results, total) {
  const { file, line, change, fate } = results.at(-1);
  const progress = `${results.length}/${total}, ${scoreOf(results).toFixed(1)} % caught`;
  if (fate === 'survived') console.log(`survived: ${file}:${line}: ${change} (${progress})`);
  else if (fate === undefined)
    console.log(`no result, the machine is too busy: ${file}:${line}: ${change} (${progress})`);
  else if (results.length % 25 === 0) console.log(progress);
}

function report(subject, results) {
  const counted = results.filter(isCounted);
  const survivors = explainedSurvivors(subject, results);
  console.log(`${counted.length} mutants, ${counted.length - survivors.length} caught, ${survivors.length} survived:`);
  for (const { file, line, source, change, reason } of survivors) {
    console.log(`  ${file}:${line}: ${change}\n    ${source}\n    ${reason ?? 'a test still to write'}`);
  }
}
