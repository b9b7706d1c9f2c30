// Tries each door through a proxy, and prints what came of it. The server that it names exists behind the proxy only.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { connect, createServer } from 'node:net';
import {
  fetch as fetchByProxy,
  install,
  ProxyAgent,
  ProxyDispatcher,
  WebSocketConnection,
  WebSocketServer,
} from 'winwire';

const [folder] = process.argv.slice(2);
const certificate = (name) => readFileSync(`${folder}/${name}`);

const secure = https.createServer(
  { cert: certificate('self-signed.pem'), key: certificate('self-signed.key') },
  (_request, response) => response.end('by tunnel'),
);
secure.listen(0, '127.0.0.1');
await once(secure, 'listening');
const sockets = new WebSocketServer({ port: 0, host: '127.0.0.1' });
sockets.on('connection', (peer) => peer.on('message', (message) => void peer.send(message)));
await once(sockets, 'listening');

/** Answers plain requests itself; a tunnel to port 443 leads to the server of https, one to port 80 to that of WebSockets. */
const proxy = createServer((socket) => {
  socket.on('error', () => {});
  socket.once('data', (head) => {
    if (!`${head}`.startsWith('CONNECT')) {
      socket.end('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 8\r\n\r\nby proxy');
      return;
    }
    const { port } = (`${head}`.startsWith('CONNECT there.example:443') ? secure : sockets).address();
    const target = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.pipe(target).pipe(socket);
    });
    target.on('error', () => socket.destroy());
  });
});
proxy.listen(0, '127.0.0.1');
await once(proxy, 'listening');

const options = { proxy: { proxy: `127.0.0.1:${proxy.address().port}` }, tls: { rejectUnauthorized: false } };
const plain = 'http://there.example/';
const tls = 'https://there.example/';
const results = {};

async function by(door, send) {
  let timer;
  const late = new Promise((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('no answer')), 5000);
  });
  results[door] = await Promise.race([send(), late]).catch((error) => {
    const { code, name, message } = error.cause ?? error;
    return String(code ?? `${name}: ${message}`);
  });
  clearTimeout(timer);
}

const get = (module, url, init) =>
  new Promise((resolve, reject) => {
    const request = module.get(url, { rejectUnauthorized: false, ...init }, async (response) => {
      let text = '';
      for await (const chunk of response) text += chunk;
      resolve(text);
    });
    request.on('error', reject);
  });

const dispatcher = new ProxyDispatcher(options);
const agent = new ProxyAgent(options);
const textOf = async (response) => (await response).text();
const requested = async (origin) => {
  const { body } = await dispatcher.request({ origin, path: '/', method: 'GET' });
  return body.text();
};

await by('fetch', () => textOf(fetchByProxy(plain, { dispatcher })));
await by('fetch of https', () => textOf(fetchByProxy(tls, { dispatcher })));
await by('dispatcher', () => requested(plain));
await by('dispatcher of https', () => requested(tls));
// Bun has its own module of this name.
await by('undici', async () => {
  const { request } = await import('undici');
  const { body } = await request(plain, { dispatcher });
  return body.text();
});
await by('agent', () => get(http, plain, { agent }));
await by('agent of https', () => get(https, tls, { agent }));
await by('WebSocket', async () => {
  const connection = await WebSocketConnection.connect('ws://there.example/', { proxy: options.proxy });
  await connection.send('by tunnel');
  const message = await connection.receive();
  await connection.close();
  return message;
});
const installation = install(options);
await by('installed fetch', () => (installation.fetch ? textOf(fetch(plain)) : Promise.resolve('left')));
await by('installed http', () => get(http, plain));
await by('installed https', () => get(https, tls));
installation.uninstall();
console.log(JSON.stringify(results));
process.exit();
