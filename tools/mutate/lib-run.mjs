// Runs the tests of lib over a mutant.
import { readFileSync } from 'node:fs';
import { inProject } from '../../scripts/lib/project.mjs';
import { TestProcess } from './lib-pool.mjs';
import { mutated } from './mutants.mjs';
import { probeOf, reachOf } from './reach.mjs';
import { allResults } from './results.mjs';

/** Time limit of a test file in milliseconds: five times its duration without a mutation, plus 8 s. */
const limitFor = (took) => 5 * took + 8_000;

/** Starts vitest `jobs` times and finds out which tests reach which of `all` mutants; at most `tests` files run over one. */
export async function prepare(all, { jobs, tests }) {
  const processes = Array.from({ length: jobs }, () => new TestProcess());
  const close = () => {
    for (const one of processes) one.close();
  };
  const reach = await reachOf(all, processes).catch((error) => {
    close();
    throw error;
  });
  const testsOf = testsByProbe(reach);
  const catches = new Map();
  for (const { file, by } of allResults()) count(catches, file, by?.slice(0, by.indexOf(': ')));
  return {
    tryMutant: (mutant, worker) => tryMutant(mutant, { process: processes[worker], testsOf, catches, most: tests }),
    close,
  };
}

/**
 * Resolves to the fate of a mutant: "caught" (by which test) or "survived". A test that only times out counts if it
 * passes without the mutation, because a busy machine delays it too; otherwise the mutant has no fate yet.
 */
async function tryMutant(mutant, { process, testsOf, catches, most }) {
  const texts = { [mutant.file]: mutated(readFileSync(inProject(mutant.file), 'utf8'), mutant) };
  const tests = likeliestFirst(testsOf.get(probeOf(mutant)) ?? [], mutant.file, catches);
  for (const { test, took } of tests.slice(0, most)) {
    const { ok, by, isTimeOut } = await process.run(texts, test, limitFor(took));
    if (ok) continue;
    if (isTimeOut && !(await process.run({}, test, limitFor(took))).ok) return {};
    count(catches, mutant.file, test);
    return { fate: 'caught', by: `${test}: ${by}` };
  }
  return { fate: 'survived' };
}

function count(catches, file, test) {
  const key = `${file} ${test}`;
  catches.set(key, (catches.get(key) ?? 0) + 1);
}

/** The tests that reach a probe, by its name: each with its time, and with how many probes of the same file it reaches. */
function testsByProbe(reach) {
  const testsOf = new Map();
  for (const { test, took, probes } of reach) {
    const fileOf = (probe) => probe.slice(0, probe.indexOf(' '));
    const shares = new Map();
    for (const probe of probes) shares.set(fileOf(probe), (shares.get(fileOf(probe)) ?? 0) + 1);
    for (const probe of probes) {
      if (!testsOf.has(probe)) testsOf.set(probe, []);
      testsOf.get(probe).push({ test, took, share: shares.get(fileOf(probe)) });
    }
  }
  return testsOf;
}

/**
 * The tests that are most likely to fail: that of the file itself, those that caught most of its mutants, those of its
 * folder, those that reach most of the file. A test file runs by functions only if it does not reach the mutant otherwise.
 */
function likeliestFirst(tests, file, catches) {
  const own = file.replace(/^lib\//, 'test/').replace(/\.ts$/, '.test.ts');
  const folder = own.slice(0, own.lastIndexOf('/') + 1);
  const names = new Set(tests.map(({ test }) => test));
  const ranks = ({ test, share }) => [
    test === `${own} (all)` ? 1 : 0,
    catches.get(`${file} ${test}`) ?? 0,
    test.startsWith(folder) ? 1 : 0,
    share,
  ];
  return tests
    .filter(({ test }) => test.endsWith('(all)') || !names.has(test.replace(/\(.*/, '(all)')))
    .map((one) => ({ ...one, ranks: ranks(one) }))
    .sort(
      (a, b) => b.ranks.map((rank, i) => rank - a.ranks[i]).find((difference) => difference !== 0) ?? a.took - b.took,
    );
}
