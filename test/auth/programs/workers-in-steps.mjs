// Ends as many workers as argument 1 says while they step; prints the number of contexts that are left.
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { auth, open, step } from './addon-auth.mjs';

if (isMainThread) {
  const workers = Array.from({ length: Number(process.argv[2]) }, () => new Worker(new URL(import.meta.url)));
  await Promise.all(
    workers.map(async (worker) => {
      await once(worker, 'message');
      await worker.terminate();
    }),
  );
  while (auth.openContextCount() !== 0) await setImmediate();
  console.log(auth.openContextCount());
} else {
  await step(await open());
  parentPort.postMessage('started');
  for (;;) await Promise.all([0, 1, 2, 3].map(async () => step(await open())));
}
