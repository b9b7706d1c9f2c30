// Looks up proxies in a worker thread and in the main one, and prints what keeps the process alive then.
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { resolveProxy } from 'winwire';

const find = (body) => ({ pac: `data:,function FindProxyForURL(url, host) { ${body} }` });
const ask = (body, url = 'http://example.org/') =>
  resolveProxy(url, { from: find(body), backend: 'portable', timeout: Infinity }).then(String);

if (isMainThread) {
  console.log(await ask('return "PROXY main:1"'));
  const [answers] = await new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url));
    worker.once('error', reject);
    const messages = [];
    worker.on('message', (message) => messages.push(message));
    worker.once('exit', () => resolve(messages));
  });
  console.log(answers.join());
  // A script that does not end: another worker waits beside it.
  console.log(await ask('while (1);'));
  await new Promise((resolve) => setImmediate(resolve));
  const alive = process.getActiveResourcesInfo().filter((name) => /Worker|MessagePort|Timeout|Immediate/.test(name));
  console.log(`alive: ${alive.join()}`);
} else {
  const bodies = ['return "PROXY worker:1"', 'while (1);', 'return "PROXY " + dnsResolve("localhost") + ":1"'];
  parentPort.postMessage(await Promise.all(bodies.map((body) => ask(body))));
}
