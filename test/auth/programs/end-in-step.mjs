// Ends while a call waits for a KDC that never answers: argument 1 says how. Prints the time of the end.
import { isMainThread, Worker } from 'node:worker_threads';
import { open, step } from './addon-auth.mjs';
import { silentUser, startSilentKdc } from './silent-kdc.mjs';

if (isMainThread) {
  const kdc = await startSilentKdc();
  const [, , end] = process.argv;
  const ends = {
    'process.exit': () => process.exit(7),
    'uncaught exception': () => {
      throw new Error('on purpose');
    },
    worker: async () => {
      console.log('worker', await worker.terminate());
      kdc.close();
    },
  };
  const worker = end === 'worker' ? new Worker(new URL(import.meta.url)) : askKdc();
  kdc.server.once('connection', () => {
    console.log(Date.now());
    ends[end]();
  });
} else {
  askKdc();
}

/** The KDC is asked for a ticket. */
async function askKdc() {
  await step(await open(silentUser));
  throw new Error('the call has ended');
}
