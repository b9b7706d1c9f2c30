// Finds out which test files evaluate the expression of a mutant: only these can notice it.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { filesUnder } from '../../scripts/lib/files.mjs';
import { announce, inProject } from '../../scripts/lib/project.mjs';

const reachFile = 'build/mutation-reach.json';

/** In milliseconds. A test file that takes longer without a mutation is left out, and named. */
const LIMIT = 180_000;

export const probeOf = ({ file, start, end }) => `${file} ${start} ${end}`;

/**
 * Returns the sources with a call around each expression that a mutant changes, and the names of these probes by
 * number.
 */
export function probed(mutants) {
  const probes = [...new Map(mutants.map((mutant) => [probeOf(mutant), mutant])).values()];
  const marks = new Map();
  for (const [number, { file, start, end }] of probes.entries()) {
    if (!marks.has(file)) marks.set(file, []);
    marks
      .get(file)
      .push({ at: start, end, text: `(globalThis.reached?.add(${number}), ` }, { at: end, end, text: ')' });
  }
  const texts = {};
  for (const [file, list] of marks) {
    // From the end; of two expressions with the same start the longer one last, which puts it outside.
    list.sort((a, b) => b.at - a.at || a.end - b.end);
    texts[file] = list.reduce(
      (text, mark) => text.slice(0, mark.at) + mark.text + text.slice(mark.at),
      readFileSync(inProject(file), 'utf8'),
    );
  }
  return { texts, names: probes.map(probeOf) };
}

/** Returns for each test file the reached probes, and its time in milliseconds, cached until it or lib changes. */
export async function reachOf(mutants, processes) {
  const { texts, names } = probed(mutants);
  const known = readReach();
  const all = await processes[0].tests();
  const tests = all.filter((test) => known.reach[test]?.digest !== digestOfTest(test));
  for (const test of tests) delete known.reach[test];
  announce(`running ${tests.length} test files without a mutation, for what they reach`);
  const work = async (one) => {
    for (let test = tests.shift(); test !== undefined; test = tests.shift()) {
      const { ok, by, took, reached } = await one.run(texts, test, LIMIT);
      if (ok) known.reach[test] = { digest: digestOfTest(test), took: Math.round(took), probes: reached };
      else announce(`left out: ${test} fails without a mutation: ${by}`);
      writeReach(known);
    }
  };
  await Promise.all(processes.map(work));
  return all
    .filter((test) => test in known.reach)
    .map((test) => ({ test, ...known.reach[test], probes: known.reach[test].probes.map((number) => names[number]) }));
}

function readReach() {
  const digest = digestOfCode();
  const known = existsSync(inProject(reachFile)) ? JSON.parse(readFileSync(inProject(reachFile), 'utf8')) : {};
  return known.digest === digest ? known : { digest, reach: {} };
}

function writeReach(known) {
  mkdirSync(path.dirname(inProject(reachFile)), { recursive: true });
  writeFileSync(inProject(reachFile), JSON.stringify(known));
}

const digestOfTest = (test) => digestOf([test.replace(/ .*/, '')]);

/** Hashes the files that all test files depend on. */
function digestOfCode() {
  const files = ['lib', 'test'].flatMap((folder) => filesUnder(folder, ['.ts', '.mjs']));
  return digestOf([...files.filter((file) => !file.endsWith('.test.ts')), 'tools/mutate/lib-operators.mjs']);
}

function digestOf(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file}\0`).update(readFileSync(inProject(file)));
  return hash.digest('hex');
}
