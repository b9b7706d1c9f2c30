// Opens, steps and closes contexts in equal rounds, of as many as argument 1 says. Prints how many are left and the growth
// of the process, as JSON.
import { setImmediate } from 'node:timers/promises';
import { growthOf } from '../../helpers/growth.mjs';
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

async function sizeAfterRound() {
  await use(Number(process.argv[2]));
  globalThis.gc();
  return process.memoryUsage.rss();
}

const { growths, median } = await growthOf(sizeAfterRound);
// A thread frees its context after its answer.
while (auth.openContextCount() !== 0) await setImmediate();
console.log(JSON.stringify({ count: auth.openContextCount(), growths, median }));
