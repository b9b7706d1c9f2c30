// Ends while a request is in a leg of its authentication. Arguments: 'process' or 'worker'; the number of the request at
// which it ends; the scheme; the server's token, if it has one. Prints the time of the end, and of a worker the number of
// contexts that are left.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { AutoLogonPolicy, WinHttpRequest } from 'winwire';
import { auth } from './addon-auth.mjs';

const [, , end, last, scheme, token] = process.argv;

async function ask(url) {
  const isNtlm = scheme === 'NTLM';
  const credentials = isNtlm ? { userName: 'WINWIRE\\carol', password: 'any' } : undefined;
  const autoLogonPolicy = isNtlm ? AutoLogonPolicy.Never : AutoLogonPolicy.Always;
  await WinHttpRequest.request(url, { backend: 'portable', credentials, autoLogonPolicy });
  throw new Error('there was a response to the last request');
}

async function endWorker(worker, server) {
  await worker.terminate();
  while (auth.openContextCount() !== 0) await setImmediate();
  console.log(auth.openContextCount());
  server.closeAllConnections();
  server.close();
}

async function main() {
  let worker;
  let count = 0;
  const server = createServer((request, response) => {
    if (++count === Number(last)) {
      console.log(Date.now());
      if (worker) return void endWorker(worker, server);
      process.exit(7);
    }
    const isFirst = request.headers.authorization === undefined;
    response.writeHead(401, { 'WWW-Authenticate': isFirst ? scheme : `${scheme} ${token}` }).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://localhost:${server.address().port}/`;
  if (end === 'worker') worker = new Worker(new URL(import.meta.url), { workerData: url, argv: process.argv.slice(2) });
  else await ask(url);
}

if (isMainThread) await main();
else await ask(workerData);
