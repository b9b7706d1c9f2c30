// Installs winwire in the way that argument 1 names, and prints as JSON what the places of dispatchers and agents hold and
// which requests came to the proxy.
import { once } from 'node:events';
import http from 'node:http';
import https, { globalAgent as importedAgent } from 'node:https';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import * as winwire from 'winwire';

const SYMBOLS = [Symbol.for('undici.globalDispatcher.1'), Symbol.for('undici.globalDispatcher.2')];

const nameOf = (value) => (value === undefined ? 'undefined' : value.constructor.name);
const places = () => ({
  dispatchers: SYMBOLS.map((symbol) => nameOf(globalThis[symbol])),
  agents: [http.globalAgent, https.globalAgent].map(nameOf),
});

const requests = [];
const proxy = http.createServer((request, response) => {
  requests.push(`${request.method} ${request.url}`.replace(place, 'there'));
  response.end('by proxy');
});
proxy.on('connect', (request, socket) => {
  requests.push(`CONNECT ${request.url}`.replace(place, 'there'));
  socket.end('HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n');
});
proxy.listen(0, '127.0.0.1');
await once(proxy, 'listening');
const options = { proxy: { proxy: `127.0.0.1:${proxy.address().port}`, bypass: ['<-loopback>'] } };

/** A port on which no server is: without the proxy nothing can be reached there. */
const unused = http.createServer().listen(0, '127.0.0.1');
await once(unused, 'listening');
const place = `127.0.0.1:${unused.address().port}`;
unused.close();

const get = (url, init = {}) =>
  new Promise((resolve) => {
    const request = (url.startsWith('https') ? https : http).get(url, init, (response) => {
      response.on('end', () => resolve(response.statusCode)).resume();
    });
    request.on('error', (error) => resolve(error.code));
  });
const fetchText = (url) =>
  fetch(url).then(
    (response) => response.text(),
    (error) => error.cause?.code ?? error.message,
  );

/** Requests by each client. */
async function useAll() {
  return [await fetchText(`http://${place}/fetch`), await get(`http://${place}/http`), await get(`https://${place}/`)];
}

/** Each returns what it saw. */
const scenarios = {
  async beforeFetch() {
    const before = places();
    const installation = winwire.install(options);
    const installed = places();
    const outcomes = await useAll();
    installation.uninstall();
    installation.uninstall();
    const after = places();
    return {
      before,
      installed,
      outcomes,
      after,
      later: await useAll(),
      sameImport: importedAgent === https.globalAgent,
    };
  },
  async afterFetch() {
    await fetchText(`http://${place}/before`);
    const before = places();
    const installation = winwire.install(options);
    const outcomes = await useAll();
    installation[Symbol.dispose]();
    return { before, outcomes, after: places(), later: await fetchText(`http://${place}/later`) };
  },
  async nested() {
    void globalThis.Response;
    const original = [http.globalAgent, globalThis[SYMBOLS[0]]];
    const [first, second] = [winwire.install(options), winwire.install(options)];
    first.uninstall();
    const outcomes = await useAll();
    second.uninstall();
    return {
      outcomes,
      isOriginal: [http.globalAgent, globalThis[SYMBOLS[0]]].map((value, i) => value === original[i]),
    };
  },
  async withoutAgent() {
    const installation = winwire.install(options);
    const init = { agent: false };
    const outcomes = [await get(`http://${place}/none`, init), await get(`https://${place}/`, init)];
    installation.uninstall();
    return { outcomes, later: await get(`http://${place}/none`, init) };
  },
  async others() {
    const installation = winwire.install(options);
    const agent = new http.Agent();
    const dispatcher = { dispatch() {} };
    http.globalAgent = agent;
    globalThis[SYMBOLS[0]] = dispatcher;
    installation.uninstall();
    return { isTheirs: [http.globalAgent === agent, globalThis[SYMBOLS[0]] === dispatcher], agents: places().agents };
  },
  async foreign() {
    void globalThis.Response;
    class Theirs {
      dispatch() {}
    }
    globalThis[SYMBOLS[0]] = new Theirs();
    const installation = winwire.install(options);
    const left = { fetch: installation.fetch, http: installation.http, ...places() };
    installation.uninstall();
    const byName = winwire.install({ ...options, fetch: true, http: false });
    return { left, byName: { fetch: byName.fetch, http: byName.http, ...places() } };
  },
  async environment() {
    const installation = winwire.install(options);
    const left = { fetch: installation.fetch, http: installation.http };
    const byName = winwire.install({ ...options, http: true });
    return { left, byName: { fetch: byName.fetch, http: byName.http } };
  },
  async imported() {
    const before = places();
    new winwire.ProxyDispatcher(options);
    new winwire.ProxyAgent(options);
    const texts = await winwire.fetch('http://127.0.0.1:1/').catch((error) => error.message);
    return { before, after: places(), texts, isNodes: /native code|fetch/.test(`${globalThis.fetch.name}`) };
  },
  /** What importing undici sets, and what a program sets by it. */
  async undici(kind) {
    const undici = await import('undici');
    const original = undici.getGlobalDispatcher();
    if (kind === 'configured') undici.setGlobalDispatcher(new undici.Agent({ connections: 3 }));
    if (kind === 'composed') undici.setGlobalDispatcher(original.compose(undici.interceptors.redirect()));
    if (kind === 'subclass') undici.setGlobalDispatcher(new (class Agent extends undici.Agent {})());
    const before = SYMBOLS.map((symbol) => globalThis[symbol]);
    const installation = winwire.install(options);
    const seen = { fetch: installation.fetch, ...places() };
    const requested = await undici.request(`http://${place}/undici`).then(
      ({ body }) => body.text(),
      ({ code }) => code,
    );
    const outcomes = [await fetchText(`http://${place}/fetch`), requested];
    installation.uninstall();
    return { ...seen, outcomes, isRestored: SYMBOLS.map((symbol, index) => globalThis[symbol] === before[index]) };
  },
  /** Two copies of winwire, as two versions in one tree. */
  async copies(folder) {
    void globalThis.Response;
    const copy = await import(folder);
    const original = [http.globalAgent, globalThis[SYMBOLS[0]]];
    const [first, second] = [winwire.install(options), copy.install(options)];
    const outcomes = [await useAll()];
    first.uninstall();
    outcomes.push(await useAll());
    second.uninstall();
    const later = await useAll();
    return {
      isOther: copy.install !== winwire.install,
      outcomes,
      later,
      isOriginal: [http.globalAgent, globalThis[SYMBOLS[0]]].map((value, i) => value === original[i]),
    };
  },
  /** Every name of the global object and of http and https, before and after all exports but install() were used. */
  async exports() {
    const descriptorsOf = (object) => new Map(Reflect.ownKeys(object).map((key) => [key, describe(object, key)]));
    const describe = (object, key) => {
      const { value, get, set } = Object.getOwnPropertyDescriptor(object, key);
      return [value, get, set];
    };
    // Node replaces these by their values at their first use.
    const lazy = [
      'AbortController',
      'fetch',
      'Response',
      'Request',
      'Headers',
      'FormData',
      'WebSocket',
      'crypto',
      'navigator',
    ];
    for (const name of lazy) void globalThis[name];
    const all = { globalThis, http, https };
    const before = Object.entries(all).map(([name, object]) => [name, object, descriptorsOf(object)]);
    const server = `http://127.0.0.1:${proxy.address().port}`;
    const { sys, parity } = { sys: await import('winwire/sys'), parity: await import('winwire/parity') };
    const used = [Object.keys(sys).length > 0, Object.keys(parity).length > 0];
    const dispatcher = new winwire.ProxyDispatcher({ proxy: 'direct' });
    const texts = [
      await (await winwire.fetch(server, { dispatcher })).text(),
      await (await dispatcher.request({ origin: server, path: '/', method: 'GET' })).body.text(),
      `${(await winwire.WinHttpRequest.request(server, { backend: 'portable' })).body}`,
      String(await winwire.resolveProxy('http://a.example', { from: { proxy: 'p:1' }, backend: 'portable' })),
    ];
    const forwarder = await winwire.createForwarder({ proxy: 'direct' });
    await forwarder.close();
    const recorder = winwire.recordHar();
    recorder.stop();
    await new Promise((resolve) =>
      http.get(server, { agent: new winwire.ProxyAgent({ proxy: 'direct' }) }, (answer) => {
        answer.resume().on('end', resolve);
      }),
    );
    await dispatcher.close();
    const changed = before.flatMap(([name, object, old]) => {
      const now = descriptorsOf(object);
      const keys = new Set([...old.keys(), ...now.keys()]);
      const isSame = (key) => now.has(key) && old.get(key)?.every((value, i) => Object.is(value, now.get(key)[i]));
      return [...keys].filter((key) => !isSame(key)).map((key) => `${name}.${String(key)}`);
    });
    return { used, texts, changed };
  },
  async webSocket() {
    winwire.install(options);
    const socket = new WebSocket(`ws://${place}/`);
    await new Promise((resolve) => socket.addEventListener('error', resolve));
    return {};
  },
};

const [, , name, argument] = process.argv;
if (isMainThread && argument === 'worker') {
  const worker = new Worker(new URL(import.meta.url), { argv: [name] });
  const [message] = await once(worker, 'message');
  console.log(JSON.stringify({ ...message, main: places() }));
} else {
  const seen = { ...(await scenarios[name](argument)), requests };
  if (isMainThread) console.log(JSON.stringify(seen));
  else parentPort.postMessage(seen);
}
proxy.closeAllConnections();
proxy.close();
