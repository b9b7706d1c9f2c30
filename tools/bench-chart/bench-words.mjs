// The titles of the rows of build/bench.json, and explanations for rows near or below 1.
import { Stop } from '../../scripts/lib/run.mjs';

const memoryBound = 'Large messages: both wait for memory, and a copy more or less decides.';
const systemBound = 'Latency: both wait for the system.';
const idle = 'Idle memory: winwire has a native handle for each connection, ws none; how full pages are varies more.';
const copied =
  'Calls with large messages: winwire copies a payload once more than koffi, which keeps no copy to be safe.';
const members = 'Member by member: six calls with a promise each, where the peer has one.';
const beside = 'Event loop: the peer is the same process without the pending requests.';
const download = 'Download: the peer is the limit of the portable engine; COM keeps the whole body in memory.';
const script =
  'Proxy script: winwire runs it in a separate thread, without access to the program, and pac-resolver in the event loop.';
const tunnel =
  'Tunnels: winwire finds the proxy of each URL and may authenticate; the peer has one proxy as an option.';
const requests =
  'fetch: both send by the same client of undici; winwire finds the proxy of each URL and may authenticate.';
const aborted = 'Aborted requests: the peer is a C++ program without JavaScript objects.';

// By the start of the rows' ids, longer ones first: the title, which contains the rest of the id, and the explanation
// for a row below 1.
const kinds = [
  ['decode-text-', (size) => `receive text of ${bytes(size)}, mixed scripts`, undefined],
  ['decode-ascii-', (size) => `receive ASCII text of ${bytes(size)}`, undefined],
  ['decode-mixed', () => 'receive 150 KiB to 2 MiB in turn', memoryBound],
  ['decode-fragments', () => 'receive 1 MiB in frames of 4 KiB', memoryBound],
  ['decode-', (size) => `receive ${bytes(size)}`, memoryBound],
  ['send-server-', (size) => `send ${bytes(size)}, server`, undefined],
  ['send-client-', (size) => `send ${bytes(size)}, client`, undefined],
  ['echo-', (size) => `echo ${bytes(size)}, 100 connections`, undefined],
  ['latency-median', () => 'latency, median', systemBound],
  ['latency-p99', () => 'latency, 99th percentile', systemBound],
  ['idle-memory', () => 'memory of an idle connection', idle],
  ['steady-memory', () => 'memory after 10 million messages', 'Steady memory: the peer is winwire after one million.'],
  ['calls-', (size) => `13 functions, ${bytes(size)}`, copied],
  ['winhttp-members', () => 'HTTP, member by member', members],
  ['winhttp-download-', (way) => `memory of a 1 GiB download, ${way}`, download],
  ['winhttp-abort-memory', () => 'memory of aborted requests', aborted],
  ['winhttp-', (count) => `HTTP, ${count} ${count === '1' ? 'request' : 'requests'} at a time`, undefined],
  ['proxy-script', () => 'proxy of a URL, by a script', script],
  ['proxy-cached', () => 'proxy of a URL, known before', undefined],
  ['auth-step-loop', () => 'event loop for a token of Kerberos', undefined],
  ['auth-end-', (what) => `end of a ${what} within an authentication`, undefined],
  ['tunnel-websocket-tls', () => 'wss: connections through a proxy', tunnel],
  ['tunnel-websocket', () => 'ws: connections through a proxy', tunnel],
  ['forwarder-tunnel', () => 'bytes through the local proxy', undefined],
  ['fetch-agent', () => 'https.get through a proxy', undefined],
  ['fetch-proxy', () => 'undici through a proxy', requests],
  ['fetch-direct', () => 'undici without a proxy', requests],
  ['loop-delay-native-sync-p99', () => 'event loop beside native waits, p99', beside],
  ['loop-delay-native-sync-request', () => 'request beside native waits', beside],
  ['loop-delay-p99', () => 'event loop beside pending requests, p99', beside],
  ['loop-delay-request', () => 'request beside pending requests', beside],
];

/** Returns the title of a row, and the explanation if its ratio may be below 1. */
export function wordsOf(id) {
  const kind = kinds.find(([beginning]) => id.startsWith(beginning));
  if (kind === undefined)
    throw new Stop(`build/bench.json has a row "${id}"; give it a title in tools/bench-chart/bench-words.mjs`);
  const [beginning, title, belowOne] = kind;
  return { title: title(id.slice(beginning.length)), belowOne };
}

function bytes(size) {
  const count = Number(size);
  if (count >= 1 << 20) return `${count / (1 << 20)} MiB`;
  return count >= 1024 ? `${count / 1024} KiB` : `${count} B`;
}
