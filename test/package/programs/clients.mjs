// Sends a request by each client of the ecosystem through a proxy, and prints what each got, by its name. The servers that it
// names exist behind the proxy only.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { connect } from 'node:net';
import { install, ProxyAgent, ProxyDispatcher } from 'winwire';
import { WebSocketServer, WebSocket as WsWebSocket } from 'ws';

const [folder] = process.argv.slice(2);
const major = Number(process.versions.node.split('.')[0]);
const certificate = (name) => readFileSync(`${folder}/${name}`);

const server = https.createServer(
  { cert: certificate('self-signed.pem'), key: certificate('self-signed.key') },
  async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ url: request.url, body, choices: [{ message: { content: 'hi' } }] }));
  },
);
new WebSocketServer({ server }).on('connection', (socket) => socket.on('message', (message) => socket.send(message)));
server.listen(0, '127.0.0.1');
await once(server, 'listening');

let tunnels = 0;
const proxy = http.createServer().on('connect', (_request, socket) => {
  tunnels++;
  const target = connect(server.address().port, '127.0.0.1', () => {
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    socket.pipe(target).pipe(socket);
  });
  target.on('error', () => socket.destroy());
  socket.on('error', () => target.destroy());
});
proxy.listen(0, '127.0.0.1');
await once(proxy, 'listening');

const options = { proxy: { proxy: `127.0.0.1:${proxy.address().port}` }, tls: { rejectUnauthorized: false } };
const agent = new ProxyAgent(options);
const results = {};

async function by(name, send) {
  const before = tunnels;
  const outcome = await send(`https://${name.replaceAll(' ', '-')}.example`).catch((error) =>
    String(error.cause ?? error),
  );
  results[name] = tunnels > before ? outcome : `${outcome}, not by the proxy`;
}

const readJson = async (stream) => {
  let text = '';
  for await (const chunk of stream) text += chunk;
  return JSON.parse(text);
};
const getJson = (url, init) =>
  new Promise((resolve, reject) => https.get(url, init, (answer) => resolve(readJson(answer))).on('error', reject));

await by('https get', async (origin) => (await getJson(`${origin}/x`, { agent })).url);
await by('got', async (origin) => {
  const { got } = await import('got');
  return (await got(`${origin}/x`, { agent: { https: agent, http: agent } }).json()).url;
});
await by('axios', async (origin) => {
  const { default: axios } = await import('axios');
  return (await axios.post(`${origin}/x`, 'hello', { httpsAgent: agent, httpAgent: agent, proxy: false })).data.body;
});
await by('node-fetch', async (origin) => {
  const { default: nodeFetch } = await import('node-fetch');
  return (await (await nodeFetch(`${origin}/x`, { agent })).json()).url;
});
await by('follow-redirects', async (origin) => {
  const { default: following } = await import('follow-redirects');
  const agents = { https: agent, http: agent };
  return new Promise((resolve, reject) => {
    following.https
      .get(`${origin}/x`, { agents }, async (answer) => resolve((await readJson(answer)).url))
      .on('error', reject);
  });
});
await by('ws', async (origin) => {
  const socket = new WsWebSocket(origin.replace('https', 'wss'), { agent, rejectUnauthorized: false });
  await once(socket, 'open');
  socket.send('hello');
  const [message] = await once(socket, 'message');
  socket.close();
  return String(message);
});

/** fetch, request, pipeline, interceptors, FormData and RetryAgent of one version of undici. */
async function byUndici(name, origin) {
  const undici = await import(name);
  const dispatcher = new ProxyDispatcher(options);
  const url = (path) => `${origin}${path}`;
  const jsonOf = async (response) => (await response).json();
  const fetched = await jsonOf(undici.fetch(url('/fetch'), { dispatcher, method: 'POST', body: 'hello' }));
  const requested = await (await undici.request(url('/request'), { dispatcher })).body.json();
  const { redirect, retry, cache } = undici.interceptors;
  const all = [redirect({ maxRedirections: 2 }), retry({ maxRetries: 1 }), ...(cache ? [cache()] : [])];
  const composed = await jsonOf(undici.fetch(url('/composed'), { dispatcher: dispatcher.compose(all) }));
  const body = new undici.FormData();
  body.set('name', 'value');
  const form = await jsonOf(undici.fetch(url('/form'), { dispatcher, method: 'POST', body }));
  const retried = await (
    await undici.request(url('/retried'), { dispatcher: new undici.RetryAgent(dispatcher) })
  ).body.json();
  const piped = await readJson(
    dispatcher.pipeline({ origin, path: '/', method: 'POST' }, (data) => data.body).end('piped'),
  );
  await dispatcher.close();
  const parts = [
    fetched.url,
    fetched.body,
    requested.url,
    composed.url,
    form.body.includes('name="name"'),
    retried.url,
  ];
  return [...parts, piped.body].join();
}
for (const version of [6, 7, 8]) {
  if (version === 8 && major < 22) continue;
  await by(`undici${version}`, (origin) => byUndici(`undici${version}`, origin));
}

const installation = install({ ...options, fetch: true });
await by('fetch', async (origin) => (await (await fetch(`${origin}/x`)).json()).url);
await by('ky', async (origin) => {
  const { default: ky } = await import('ky');
  return (await ky.post(`${origin}/x`, { body: 'hello' }).json()).body;
});
await by('openai', async (origin) => {
  const { default: OpenAi } = await import('openai');
  const client = new OpenAi({ apiKey: 'x', baseURL: `${origin}/v1` });
  return (await client.chat.completions.create({ model: 'm', messages: [] })).choices[0].message.content;
});
await by('axios installed', async (origin) => {
  const { default: axios } = await import('axios');
  return (await axios.get(`${origin}/x`)).data.url;
});
if (globalThis.WebSocket) {
  await by('WebSocket', async (origin) => {
    const socket = new WebSocket(origin.replace('https', 'wss'));
    await once(socket, 'open');
    socket.send('hello');
    const [{ data }] = await once(socket, 'message');
    socket.close();
    return data.text();
  });
}
await by('msw', async (origin) => {
  const { setupServer } = await import('msw/node');
  const { http: handlers, HttpResponse } = await import('msw');
  const mocks = setupServer(handlers.get(`${origin}/mocked`, () => HttpResponse.json({ url: 'mocked' })));
  mocks.listen({ onUnhandledRequest: 'bypass' });
  const mocked = [
    (await (await fetch(`${origin}/mocked`)).json()).url,
    (await getJson(`${origin}/mocked`, { agent })).url,
  ];
  const passed = [(await (await fetch(`${origin}/x`)).json()).url, (await getJson(`${origin}/x`, { agent })).url];
  mocks.close();
  return [...mocked, ...passed].join();
});
installation.uninstall();
console.log(JSON.stringify(results));
process.exit();
