// npm run bench -- fetch: requests a second on pooled connections: ProxyAgent beside https-proxy-agent, ProxyDispatcher beside
// undici's ProxyAgent, and without a proxy beside undici's Agent. Method and rows: bench/README.md.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { Agent as HttpAgent } from 'node:http';
import { get } from 'node:https';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Agent, type Dispatcher, ProxyAgent as UndiciProxyAgent } from 'undici';
import { ProxyAgent, ProxyDispatcher } from 'winwire';
import { compareRounds } from '../lib/rounds.ts';
import { printTable, writeRows } from '../lib/rows.ts';

const { values } = parseArgs({
  strict: false,
  options: {
    rounds: { type: 'string', default: '15' },
    requests: { type: 'string', default: '2000' },
    output: { type: 'string', default: 'build/bench.json' },
  },
});

/** Requests under way at once. */
const AT_ONCE = 16;
const rounds = Number(values.rounds);
const units = Number(values.requests);

const { HttpsProxyAgent } = createRequire(import.meta.url)('https-proxy-agent') as {
  HttpsProxyAgent: new (proxy: string, options: object) => HttpAgent;
};

const server = fork(fileURLToPath(new URL('server-process.js', import.meta.url)));
const [ports] = (await once(server, 'message')) as [{ plain: number; secure: number; proxy: number }];
const plain = `http://127.0.0.1:${ports.plain}`;
const secure = `https://localhost:${ports.secure}`;
const proxy = `http://127.0.0.1:${ports.proxy}`;
const tls = { rejectUnauthorized: false };
const byProxy = { proxy: { proxy, bypass: ['<-loopback>'] }, tls };

/** Sends as many requests as a round has, some at once. */
async function many(one: () => Promise<unknown>): Promise<void> {
  let left = units;
  const worker = async () => {
    while (left-- > 0) await one();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

const byAgent = (agent: HttpAgent) => () =>
  new Promise<void>((resolve, reject) => {
    const request = get(secure, { agent, ...tls }, (response) => response.resume().on('end', resolve));
    request.on('error', reject);
  });

const byDispatcher = (dispatcher: Pick<Dispatcher, 'request'>, origin: string) => async () => {
  const { body } = await dispatcher.request({ origin, path: '/', method: 'GET' });
  await body.dump();
};

const agents = { ours: new ProxyAgent(byProxy), peer: new HttpsProxyAgent(proxy, { keepAlive: true }) };
const proxied = {
  ours: new ProxyDispatcher(byProxy),
  peer: new UndiciProxyAgent({ uri: proxy, requestTls: tls }),
};
const direct = { ours: new ProxyDispatcher({ proxy: 'direct' }), peer: new Agent() };

const row = (id: string, peerName: string, ours: () => Promise<unknown>, peer: () => Promise<unknown>) =>
  compareRounds(
    { id, unit: 'requests a second', peerName, units, rounds },
    { run: () => many(ours) },
    { run: () => many(peer) },
  );

const rows = [
  await row('fetch-agent', 'https-proxy-agent', byAgent(agents.ours), byAgent(agents.peer)),
  await row('fetch-proxy', 'undici ProxyAgent', byDispatcher(proxied.ours, secure), byDispatcher(proxied.peer, secure)),
  await row('fetch-direct', 'undici Agent', byDispatcher(direct.ours, plain), byDispatcher(direct.peer, plain)),
];
printTable(rows);
writeRows(String(values.output), rows);

agents.ours.destroy();
agents.peer.destroy();
await Promise.all([proxied.ours, proxied.peer, direct.ours, direct.peer].map((dispatcher) => dispatcher.destroy()));
server.disconnect();
