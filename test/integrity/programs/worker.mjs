// A worker that opens handles, reports how many are open in the process, and then performs `workerData.then`.
import { parentPort, workerData } from 'node:worker_threads';
import { loadNative } from '../../../dist/native.js';
import { openBusyHandles } from './busy-handles.mjs';

const { backend, count, then } = workerData;
const handles = openBusyHandles(backend, count);
parentPort.postMessage({ handles: handles.length, open: loadNative().openHandleCount() });

const thens = {
  end() {},
  stay() {
    parentPort.on('message', () => {});
  },
  exit() {
    process.exit(5);
  },
  throw() {
    throw new Error('on purpose');
  },
  // Terminated during calls.
  work() {
    for (;;) handles.push(...openBusyHandles(backend, 1));
  },
};
thens[then]();
