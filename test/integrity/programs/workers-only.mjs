// workers-only.mjs BACKEND: the main thread never loads the addon, so Node unloads it with the last worker and loads it
// again for the next.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

const [backend] = process.argv.slice(2);

for (let round = 0; round < 3; round++) {
  const workers = ['end', 'stay', 'exit', 'work'].map(
    (then) => new Worker(new URL('worker.mjs', import.meta.url), { workerData: { backend, count: 20, then } }),
  );
  await Promise.all(
    workers.map(async (worker) => {
      await once(worker, 'message');
      await worker.terminate();
    }),
  );
}
console.log('done');
