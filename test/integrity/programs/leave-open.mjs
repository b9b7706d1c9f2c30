// leave-open.mjs BACKEND END: leaves busy handles open, and ends in one of several ways.
import { Worker } from 'node:worker_threads';
import { openBusyHandles } from './busy-handles.mjs';

const [backend, end] = process.argv.slice(2);
const kept = openBusyHandles(backend, 100);

const ends = {
  naturally() {},
  'by process.exit'() {
    process.exit(7);
  },
  'by an uncaught exception'() {
    throw new Error('on purpose');
  },
  'by process.exit in an exit handler'() {
    process.on('exit', () => process.exit(8));
  },
  'by process.exit while a worker has handles'() {
    startWorker('stay').on('message', () => process.exit(9));
  },
  // With the last worker Node unloads an addon unless the main thread has loaded it, as here.
  'after its workers'() {
    for (let count = 0; count < 4; count++) startWorker('end');
  },
};

function startWorker(then) {
  return new Worker(new URL('worker.mjs', import.meta.url), { workerData: { backend, count: 50, then } });
}

console.log(kept.length);
ends[end]();
