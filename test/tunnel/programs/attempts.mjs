// Starts a connection through a proxy that stops at a stage, as a WebSocket or as a client of the forwarder. When the parent says
// that the stage is reached, it ends the process or the worker with the attempt, or ends the attempt, after which nothing
// keeps the process alive.
import { once } from 'node:events';
import { connect } from 'node:net';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { createForwarder, WebSocketConnection } from 'winwire';

const [end, door, url, proxy] = process.argv.slice(2);

/** Milliseconds from the end of the attempt to that of the process: less than any time limit that could be left. */
const LIMIT = 3000;
const options = { backend: 'portable', proxy: JSON.parse(proxy) };

/** Returns what ends the attempt. */
function startWebSocket() {
  const controller = new AbortController();
  let open;
  WebSocketConnection.connect(url, { ...options, rejectUnauthorized: false, signal: controller.signal })
    .then(async (connection) => {
      open = connection;
      for (;;) {
        await connection.send('more');
        await connection.receive();
      }
    })
    .catch((error) => {
      if (error.name !== 'AbortError' && !open) console.log(error.message);
    });
  return () => {
    controller.abort();
    open?.abort();
  };
}

/** The forwarder and its client, which sends CONNECT, or a request in absolute form for http:. */
async function startForwarder() {
  const forwarder = await createForwarder({ ...options, password: false });
  const { host, protocol, port } = new URL(url);
  const [method, target] = protocol === 'http:' ? ['GET', url] : ['CONNECT', `${host}${port === '' ? ':443' : ''}`];
  const client = connect(forwarder.port, '127.0.0.1').on('error', () => {});
  await once(client, 'connect');
  client.write(`${method} ${target} HTTP/1.1\r\nHost: ${target.replace(/^\w+:\/\/|\/$/g, '')}\r\n\r\n`);
  // What an open tunnel carries.
  client.on('data', (bytes) => client.write(bytes));
  return () => void forwarder.close();
}

async function start() {
  return door === 'forwarder' ? startForwarder() : startWebSocket();
}

if (!isMainThread) {
  start();
  parentPort.postMessage('started');
} else if (end === 'worker') {
  const worker = new Worker(new URL(import.meta.url), { argv: process.argv.slice(2) });
  process.once('message', async () => {
    await worker.terminate();
    process.disconnect();
  });
} else if (end === 'process') {
  start();
  process.once('message', () => process.exit(0));
} else {
  const started = start();
  process.once('message', async () => {
    const stop = await started;
    const since = performance.now();
    process.once('exit', () => {
      if (performance.now() - since > LIMIT) process.exitCode = 1;
    });
    stop();
    process.disconnect();
  });
}
