// A process with one vitest, which runs single test files over sources that its parent replaces.
import path from 'node:path';
import { createVitest } from 'vitest/node';
import { inProject, root } from '../../scripts/lib/project.mjs';

/** Time limit of a test or hook in milliseconds, after which a mutant counts as hanging. */
const TEST_LIMIT = 10_000;

/** Tests of code that is not mutated, of commands, which run dist, and of memory, which the probes change. */
const OTHERS = /^test\/(?:bench|cli|docs|examples|github|scripts|tools|types)\/|^test\/native\/engine|-memory\.test/;

let sources = new Map();
globalThis.mutated = (file) => sources.get(file);

// Ends the tests with their parent.
process.on('disconnect', () => process.kill(-process.pid, 'SIGKILL'));

const vitest = await createVitest('test', {
  root,
  config: inProject('tools/mutate/vitest.config.ts'),
  watch: false,
  reporters: [{}],
  bail: 1,
  maxWorkers: 1,
  testTimeout: TEST_LIMIT,
  hookTimeout: TEST_LIMIT,
});
const specifications = new Map();
for (const specification of await vitest.globTestSpecifications()) {
  const name = nameOf(specification);
  if (!OTHERS.test(name)) specifications.set(name, specification);
}

process.on('message', async ({ texts, test }) => {
  const changed = [...sources.keys()];
  sources = new Map(Object.entries(texts).map(([file, text]) => [inProject(file), text]));
  for (const file of new Set([...changed, ...sources.keys()])) vitest.invalidateFile(file);
  process.send(await run(specifications.get(test)));
});
process.send({ tests: [...specifications.keys()] });

function nameOf({ project, moduleId }) {
  return `${path.relative(root, moduleId).replaceAll(path.sep, '/')} (${project.name})`;
}

/** Runs a test file. Resolves to the text of the first failure, the time in milliseconds, and the reached probes. */
async function run(specification) {
  const start = performance.now();
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications([specification]);
  const module = testModules.find((one) => nameOf(one) === nameOf(specification));
  const failed = [...(module?.children.allTests('failed') ?? [])][0];
  const errors = [...(failed?.result().errors ?? []), ...(module?.errors() ?? []), ...unhandledErrors];
  return {
    ok: module?.ok() === true && unhandledErrors.length === 0,
    by: failed?.fullName ?? String(errors[0]?.message ?? 'no result').split('\n')[0],
    isTimeOut: errors.some(({ message }) => /(?:Test|Hook) timed out in/.test(message)),
    took: performance.now() - start,
    reached: module?.meta().reached ?? [],
  };
}
