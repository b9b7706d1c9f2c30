// npm run mutate -- [--file TEXT]... [--since COMMIT] [--survivors] [--sample N] [--seed N] [--jobs N]
// Flips one condition of the engine at a time, rebuilds, and runs the engine's tests. Results go to build/mutation.json in
// place of older ones of the same mutants, so that a run may be cut into parts; docs/mutation.md is written when every
// mutant has one. --survivors leaves out what has been caught.
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { mutantsOf } from '../tools/mutate/operators.mjs';
import { explainedSurvivors, isCounted, scoreOf, writePage } from '../tools/mutate/page.mjs';
import { isNotCaught, keepResults, resultsOf } from '../tools/mutate/results.mjs';
import { prepare, tryMutant } from '../tools/mutate/run.mjs';
import { filesUnder } from './lib/files.mjs';
import { announce, inProject } from './lib/project.mjs';
import { main, run, Stop } from './lib/run.mjs';

const wantedScore = 90;

const options = {
  file: { type: 'string', multiple: true, default: [] },
  since: { type: 'string' },
  survivors: { type: 'boolean', default: false },
  sample: { type: 'string' },
  seed: { type: 'string', default: '1' },
  jobs: { type: 'string', default: String(availableParallelism()) },
};

main(async (args) => {
  const { values } = parseArgs({ args, options });
  const all = filesUnder('native/engine', ['.cc', '.h']).flatMap((name) =>
    mutantsOf(name, readFileSync(inProject(name), 'utf8')),
  );
  const mutants = select(all, values);
  const bases = await prepare();
  announce(`${mutants.length} mutants, ${values.jobs} at a time`);
  report(await tryAll(mutants, bases, Number(values.jobs)));
  const results = resultsOf(all);
  const missing = all.length - results.length;
  if (missing > 0) return announce(`${missing} of ${all.length} mutants have no result yet`);
  announce(`written: ${writePage(results)}`);
  const score = scoreOf(results);
  if (score < wantedScore) throw new Stop(`Only ${score.toFixed(1)} % are caught; ${wantedScore} % are wanted.`);
});

function select(all, { file, since, survivors, sample, seed }) {
  let mutants = all;
  if (file.length > 0) mutants = mutants.filter((mutant) => file.some((text) => mutant.file.includes(text)));
  if (since !== undefined) {
    const changed = run('git', ['diff', '--name-only', since], { stdio: ['ignore', 'pipe', 'inherit'] }).split('\n');
    mutants = mutants.filter((mutant) => changed.includes(mutant.file));
  }
  if (survivors) mutants = mutants.filter(isNotCaught());
  return sample === undefined ? mutants : sampleOf(mutants, Number(sample), Number(seed));
}

/** `count` mutants by a reproducible shuffle, in their order. */
function sampleOf(mutants, count, seed) {
  let state = seed >>> 0;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const chosen = new Set(
    mutants
      .map((mutant) => ({ mutant, key: random() }))
      .sort((a, b) => a.key - b.key)
      .slice(0, count)
      .map(({ mutant }) => mutant),
  );
  return mutants.filter((mutant) => chosen.has(mutant));
}

async function tryAll(mutants, bases, jobs) {
  const results = [];
  const knownCode = new Set();
  let next = 0;
  const work = async (worker) => {
    while (next < mutants.length) {
      const index = next++;
      const fate = await tryMutant(mutants[index], { bases, worker, knownCode });
      results[index] = { ...mutants[index], ...fate };
      tell(results, mutants.length, results[index]);
    }
  };
  await Promise.all(Array.from({ length: jobs }, (_, worker) => work(worker)));
  return results;
}

function tell(results, total, { file, line, change, fate }) {
  const done = results.filter(Boolean);
  const progress = `${done.length}/${total}, ${scoreOf(done).toFixed(1)} % caught`;
  if (fate === 'survived') console.log(`survived: ${file}:${line}: ${change} (${progress})`);
  else if (done.length % 25 === 0) console.log(`${progress}`);
}

function report(results) {
  const counted = results.filter(isCounted);
  const survivors = explainedSurvivors(results);
  console.log(`${counted.length} mutants, ${counted.length - survivors.length} caught, ${survivors.length} survived:`);
  for (const { file, line, source, change, reason } of survivors) {
    console.log(`  ${file}:${line}: ${change}\n    ${source}\n    ${reason ?? 'a test still to write'}`);
  }
  keepResults(results);
}
