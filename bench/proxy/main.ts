// npm run bench -- proxy: look-ups of resolveProxy with a script, beside pac-resolver in the same process; 1,000 at once; memory
// over 100,000 look-ups; the event loop beside a script that does not end. Method and rows: bench/README.md.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createPacResolver } from 'pac-resolver';
import { QuickJS } from 'quickjs-wasi';
import { resolveProxy } from 'winwire';
import { rowOf } from '../lib/rounds.ts';
import { printTable, quantile, significant, writeRows } from '../lib/rows.ts';

const { values } = parseArgs({
  strict: false,
  options: {
    rounds: { type: 'string', default: '15' },
    lookups: { type: 'string', default: '100000' },
    output: { type: 'string', default: 'build/bench.json' },
  },
});

const PER_ROUND = 100;
const AT_ONCE = 1_000;
const SCRIPT = `function FindProxyForURL(url, host) {
  if (isPlainHostName(host) || dnsDomainIs(host, ".intranet.example")) return "DIRECT";
  if (shExpMatch(host, "*.partner.example") || isInNet(host, "10.0.0.0", "255.0.0.0")) return "PROXY b.example:8080";
  return "PROXY a.example:8080; DIRECT";
}`;
const ANSWER = 'PROXY a.example:8080; DIRECT';

let downloads = 0;
const server = createServer((_request, response) => {
  downloads++;
  response.end(SCRIPT);
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const from = { pac: `http://127.0.0.1:${(server.address() as AddressInfo).port}/proxy.pac` };

let lastHost = 0;
/** An origin that was not asked for before; an address, so that no name is looked up. */
function freshUrl(): string {
  const number = ++lastHost;
  return `http://${11 + ((number >> 16) & 63)}.${(number >> 8) & 255}.${number & 255}.1/`;
}

async function winwire(url: string): Promise<void> {
  const found = String(await resolveProxy(url, { from, backend: 'portable' }));
  if (found !== ANSWER) throw new Error(found);
}

const wasm = readFileSync(createRequire(import.meta.url).resolve('quickjs-wasi/quickjs.wasm'));
const findProxy = createPacResolver(await QuickJS.create({ wasm }), SCRIPT);
async function pacResolver(url: string): Promise<void> {
  const found = await findProxy(url);
  if (found !== ANSWER) throw new Error(found);
}

/** Milliseconds of one look-up, the median of a round. */
async function timeOf(lookUp: (url: string) => Promise<void>, nextUrl: () => string): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < PER_ROUND; i++) {
    const url = nextUrl();
    const start = performance.now();
    await lookUp(url);
    times.push(performance.now() - start);
  }
  return quantile(times, 0.5);
}

/** Look-ups a second of both, in turns. */
async function compareLookUps(id: string, nextUrl: () => string) {
  const results: { ours: number; peer: number }[] = [];
  for (let i = -2; i < Number(values.rounds); i++) {
    const ours = 1_000 / (await timeOf(winwire, nextUrl));
    const peer = 1_000 / (await timeOf(pacResolver, nextUrl));
    if (i >= 0) results.push({ ours, peer });
  }
  return rowOf({ id, unit: 'look-ups a second', peerName: 'pac-resolver' }, results);
}

const rows = [
  await compareLookUps('proxy-script', freshUrl),
  await compareLookUps('proxy-cached', () => 'http://192.0.2.1/'),
];
printTable(rows);
writeRows(String(values.output), rows);
for (const { id, ours, peer } of rows) {
  console.log(`${id}: ${significant(1_000 / ours)} ms a look-up, pac-resolver ${significant(1_000 / peer)} ms`);
}

const start = performance.now();
const ends = await Promise.all(
  Array.from({ length: AT_ONCE }, () => winwire(freshUrl()).then(() => performance.now() - start)),
);
console.log(
  `${AT_ONCE} look-ups at once: the slowest took ${significant(Math.max(...ends))} ms, ${downloads} download(s)`,
);

const collect = (globalThis as { gc?: () => void }).gc ?? (() => {});
/** MiB of this thread's heap, and of the process, after `count` look-ups of many origins. */
async function memoryAfter(count: number): Promise<{ heap: number; process: number }> {
  for (let i = 0; i < count; i++) await winwire(i % 4 === 0 ? freshUrl() : `http://192.0.2.1:${1 + (i % 1000)}/`);
  collect();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: (heapUsed + external) / 2 ** 20, process: rss / 2 ** 20 };
}
const before = await memoryAfter(Number(values.lookups) / 4);
const after = await memoryAfter(Number(values.lookups));
const [heap, whole] = [after.heap - before.heap, after.process - before.process];
console.log(
  `${values.lookups} look-ups: ${significant(heap)} MiB more on the heap, ${significant(whole)} MiB of the process`,
);

/** Milliseconds for which this thread was ready and had no processor; only Linux tells. */
function waitedForProcessor(): number {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[1]) / 1e6;
  } catch {
    return 0;
  }
}

/** Milliseconds by which a timer of 10 ms is late at most, while work goes on: in all, and without waits for a processor. */
async function latenessDuring(work: () => Promise<unknown>): Promise<string> {
  let [latest, latestOwn] = [0, 0];
  let [tick, waited] = [performance.now(), waitedForProcessor()];
  const timer = setInterval(() => {
    const [now, waitedNow] = [performance.now(), waitedForProcessor()];
    latest = Math.max(latest, now - tick - 10);
    latestOwn = Math.max(latestOwn, now - tick - 10 - (waitedNow - waited));
    [tick, waited] = [now, waitedNow];
  }, 10);
  await work();
  clearInterval(timer);
  return `${significant(latest)} ms late (${significant(latestOwn)} ms without waits for a processor)`;
}
const endless = { pac: 'data:,function FindProxyForURL() { while (true) {} }' };
const beside = await latenessDuring(() => resolveProxy('http://example.org/', { from: endless, backend: 'portable' }));
const alone = await latenessDuring(() => setTimeout(1_000));
console.log(`a timer of 10 ms was at most ${beside} beside a script that does not end, and ${alone} alone`);

/** Ten look-ups of another script, one after the other, beside twenty of one that does not end. */
async function besideEndless(): Promise<number[]> {
  const stuck = Array.from({ length: 20 }, (_, i) =>
    resolveProxy(`http://h${i}.example/`, { from: endless, backend: 'portable', timeout: Number.POSITIVE_INFINITY }),
  );
  const times: number[] = [];
  for (let i = 0; i < 10; i++) {
    const start = performance.now();
    await winwire(freshUrl());
    times.push(performance.now() - start);
  }
  await Promise.all(stuck);
  return times;
}
const times = await besideEndless();
console.log(
  `a look-up beside 20 of such a script: median ${significant(quantile(times, 0.5))} ms, at most ${significant(Math.max(...times))} ms`,
);

server.closeAllConnections();
server.close();
