import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dependenciesOf, finished } from './compile.mjs';
import { nativeSources } from './files.mjs';
import { inProject } from './project.mjs';
import { hasProgram, Stop } from './run.mjs';
import { hashOf, readStamp, writeStamp } from './stamp.mjs';

const flags = [
  '-std=c++20',
  '-Inative',
  '-isystemnode_modules/node-api-headers/include',
  '-isystemnode_modules/node-addon-api',
  '-DNAPI_VERSION=9',
  '-DNODE_ADDON_API_CPP_EXCEPTIONS',
];

// What is shipped. The tests take another four minutes of two processors. The lists that need Windows' headers are
// compiled with every warning as an error.
const shipped = ['engine', 'backend', 'pump', 'binding'];
const tests = ['statements', 'engine_tests', 'probe'];

/**
 * Checks the sources that this system compiles, with `all` those of the tests too. One that passed is not checked again
 * until it, a header of the project that it includes, or the checks change.
 */
export async function clangTidy({ all = false } = {}) {
  if (!hasProgram('clang-tidy')) {
    throw new Stop('clang-tidy is missing. On Debian or Ubuntu: sudo apt-get install --yes clang-tidy');
  }
  const sources = (all ? [...shipped, ...tests] : shipped).flatMap((list) => nativeSources()[list]);
  const waiting = sources.filter((file) => !hasPassed(file));
  const failed = [];
  const worker = async () => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      if (!(await passes(file))) failed.push(file);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  if (failed.length > 0) throw new Stop(`clang-tidy: ${failed.sort().join(', ')}`);
}

const noteOf = (file) => `build/lint/${file}`;

/** Over the checks, the versions of what is not the project's, and the files that a source was compiled from. */
const hashOfUnit = (file) =>
  hashOf(['.clang-tidy', 'package-lock.json', ...dependenciesOf(`${noteOf(file)}.o`)], flags);

function hasPassed(file) {
  const stamp = readStamp(`${noteOf(file)}.stamp`);
  if (stamp === undefined || !existsSync(inProject(`${noteOf(file)}.d`))) return false;
  const isThere = dependenciesOf(`${noteOf(file)}.o`).every((dependency) => existsSync(inProject(dependency)));
  return isThere && hashOfUnit(file) === stamp;
}

async function passes(file) {
  // clang-tidy itself writes no list of what it reads.
  writeStamp(`${noteOf(file)}.d`, '');
  const listing = await finished('c++', [...flags, '-MM', '-MF', `${noteOf(file)}.d`, file]);
  if (listing.code !== 0) process.stdout.write(listing.output);
  const { code, output } = await finished('clang-tidy', ['--quiet', file, '--', ...flags]);
  if (code !== 0) process.stdout.write(output.replace(/^\d+ warnings? .*\n/gm, ''));
  const passed = listing.code === 0 && code === 0;
  if (passed) writeStamp(`${noteOf(file)}.stamp`, hashOfUnit(file));
  return passed;
}
