// Starts a connection through a proxy that stops at a stage. When the parent says that the stage is reached, it ends the
// process or the worker with the attempt, or aborts the attempt, after which nothing keeps the process alive.
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { WebSocketConnection } from 'winwire';

const [end, url, proxy] = process.argv.slice(2);

/** Milliseconds from the abort to the end of the process. */
const LIMIT = 300;

function attempt(signal) {
  const options = { backend: 'portable', proxy: { proxy }, rejectUnauthorized: false, signal };
  WebSocketConnection.connect(url, options).catch((error) => {
    if (error.name !== 'AbortError') console.log(error.message);
  });
}

if (!isMainThread) {
  attempt();
  parentPort.postMessage('started');
} else if (end === 'worker') {
  const worker = new Worker(new URL(import.meta.url), { argv: process.argv.slice(2) });
  process.once('message', async () => {
    await worker.terminate();
    process.disconnect();
  });
} else if (end === 'process') {
  attempt();
  process.once('message', () => process.exit(0));
} else {
  const controller = new AbortController();
  attempt(controller.signal);
  process.once('message', () => {
    const start = performance.now();
    process.once('exit', () => {
      if (performance.now() - start > LIMIT) process.exitCode = 1;
    });
    controller.abort();
    process.disconnect();
  });
}
