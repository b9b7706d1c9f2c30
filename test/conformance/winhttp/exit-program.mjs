// A program that ends while its requests are pending. Exit code 0 if that went well and no callback of them ran; run by
// the test of RQ-236 over the built package, as a user's program would be.
//   node exit-program.mjs <backend> <url> <way>
// The server answers /ready when the requests to /pending and /half have arrived, /half by half, and /pending never.
import { once } from 'node:events';
import { get } from 'node:http';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { isMainThread, Worker } from 'node:worker_threads';
import { WinHttpRequest } from '../../../dist/index.js';

const CALLBACK_RAN = 3;
const [backend, url, way] = process.argv.slice(2);

const callback = () => process.exit(CALLBACK_RAN);

async function pendOne(path, options, body) {
  const request = await WinHttpRequest.create({ backend, ...options });
  await request.open(body ? 'POST' : 'GET', `${url}${path}`, false);
  request.send(body).then(callback, callback);
  return request;
}

async function pend() {
  const request = await pendOne('pending', {});
  for (const name of ['responseStart', 'responseDataAvailable', 'responseFinished', 'error'])
    request.on(name, callback);
  // During a body, into a file if there is one; with an endless body; with WinHttpRequest.request; with COM's blocking
  // Send.
  await pendOne('half', { limits: { responseMemory: 0 } });
  await pendOne('pending', {}, new Readable({ read() {} }));
  WinHttpRequest.request(`${url}pending`, { backend }).then(callback, callback);
  if (backend === 'system') await pendOne('pending', { nativeSync: true });
  const [response] = await once(get(`${url}ready`, { agent: false }), 'response');
  response.resume();
  await once(response, 'end');
}

async function workerThat(end) {
  const worker = new Worker(fileURLToPath(import.meta.url), { argv: [backend, url, end] });
  if (end === 'stay') {
    await once(worker, 'message');
    await worker.terminate();
    return;
  }
  const [code] = await once(worker, 'exit');
  if (code !== 0) process.exit(code);
}

const ways = {
  exit: () => pend().then(() => process.exit(0)),
  'worker exit': () => workerThat('exit'),
  'worker terminated': () => workerThat('stay'),
  async stay() {
    const { parentPort } = await import('node:worker_threads');
    await pend();
    parentPort.postMessage('pending');
  },
  async 'uncaught exception'() {
    await pend();
    process.on('uncaughtException', () => process.exit(0));
    setImmediate(() => {
      throw new Error('on purpose');
    });
  },
};

if (isMainThread && !(way in ways)) throw new Error(`no way to end: ${way}`);
await ways[way]();
