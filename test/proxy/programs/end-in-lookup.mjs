// Ends while WinHttpGetProxyForUrl waits for a script that never comes: argument 1 says how.
import { createServer } from 'node:http';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { AutoProxyFlag, WinHttpGetProxyForUrl } from 'winwire/sys';

const ends = {
  'process.exit': () => process.exit(7),
  'uncaught exception': () => {
    throw new Error('on purpose');
  },
  abort: ({ controller, server }) => {
    controller.abort();
    server.closeAllConnections();
    server.close();
  },
};

if (isMainThread) {
  const server = createServer().listen(0, '127.0.0.1', async () => {
    const url = `http://127.0.0.1:${server.address().port}/never.pac`;
    const [, , end] = process.argv;
    if (end === 'worker') return endWorker(url);
    const controller = new AbortController();
    const rejected = ask(url, controller.signal).catch((error) => console.log(error.code));
    server.once('request', () => ends[end]({ controller, server }));
    await rejected;
  });

  function endWorker(url) {
    const worker = new Worker(new URL(import.meta.url));
    worker.postMessage(url);
    server.once('request', async () => {
      console.log('worker', await worker.terminate());
      server.closeAllConnections();
      server.close();
    });
  }
} else {
  parentPort.once('message', (url) => ask(url));
}

function ask(autoConfigUrl, signal) {
  return WinHttpGetProxyForUrl('http://target.test/', { flags: AutoProxyFlag.CONFIG_URL, autoConfigUrl }, { signal });
}
