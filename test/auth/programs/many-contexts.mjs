// Opens, steps and closes as many contexts as argument 1 says. Prints how many are left and the growth in bytes, as JSON.
import { setImmediate } from 'node:timers/promises';
import { auth, close, open, step } from './addon-auth.mjs';

const AT_ONCE = 8;

async function useOne() {
  const context = await open();
  await step(context);
  close(context);
}

async function use(count) {
  let left = count;
  const worker = async () => {
    while (left-- > 0) await useOne();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

function memory() {
  globalThis.gc();
  return process.memoryUsage.rss();
}

/**
 * Returns by how much the process grows with so many contexts. Of several rounds the least counts: a leak grows in each,
 * the heaps of threads and of V8 only until they are large enough.
 */
async function growthWith(total) {
  const ROUNDS = 4;
  const growths = [];
  for (let round = 0; round < ROUNDS; ++round) {
    const before = memory();
    await use(total / ROUNDS);
    growths.push(memory() - before);
  }
  return Math.min(...growths) * ROUNDS;
}

const growth = await growthWith(Number(process.argv[2]));
// A thread frees its context after its answer.
while (auth.openContextCount() !== 0) await setImmediate();
console.log(JSON.stringify({ count: auth.openContextCount(), growth }));
