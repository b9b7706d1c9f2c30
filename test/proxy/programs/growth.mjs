// Prints MiB by which heap and process grow over look-ups of many origins, in a script that uses several functions.
import { resolveProxy } from 'winwire';

const body = `if (isPlainHostName(host) || dnsDomainIs(host, ".intranet.example")) return "DIRECT";
  return isInNet("192.168.1.1", "10.0.0.0", "255.0.0.0") ? "PROXY b:1" : "PROXY " + dnsResolve("10.1.2.3") + ":1";`;
const from = { pac: `data:,${encodeURIComponent(`function FindProxyForURL(url, host) { ${body} }`)}` };
let count = 0;

async function lookUp(times) {
  for (let i = 0; i < times; i += 100) {
    const urls = Array.from({ length: 100 }, () => `http://h${count++}.${'x'.repeat(50)}.example/`);
    for (const answer of await Promise.all(
      urls.map((url) => resolveProxy(url, { from, backend: 'portable', timeout: Infinity })),
    )) {
      if (String(answer) !== 'PROXY 10.1.2.3:1') throw new Error(`${answer} ${answer.warnings}`);
    }
  }
  globalThis.gc();
  const { heapUsed, external, rss } = process.memoryUsage();
  return [(heapUsed + external) / 2 ** 20, rss / 2 ** 20];
}

const lookups = Number(process.argv[2]);
const before = await lookUp(6_000);
const after = await lookUp(lookups);
console.log(after.map((size, index) => (size - before[index]).toFixed(1)).join(' '));
