// Exports which probes of tools/mutate/reach.mjs a test file has reached.
import { afterAll } from 'vitest';

const reached = new Set<number>();
Object.assign(globalThis, { reached });

// vitest requires a pattern as the first parameter, which names the fixtures.
// biome-ignore lint/correctness/noEmptyPattern: there are none.
afterAll(({}, file) => {
  Object.assign(file.meta, { reached: [...reached] });
});
