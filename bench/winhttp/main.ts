// npm run bench -- winhttp: requests a second, the event loop beside unanswered requests, and the memory that a
// download of 1 GiB takes. Method and rows: bench/README.md.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { Agent, request as undiciRequest } from 'undici';
import { type BackendName, backends, WinHttpRequest } from 'winwire';
import { here, printTable, type Row, significant, writeRows } from '../lib/rows.ts';
import { measureLoopDelay, type Unanswered } from './loop-delay.ts';
import { type Client, compareThroughput, outputOf, rateOfClients, rateOfProgram } from './throughput.ts';

const BASELINE = 'build/Release/winhttp_baseline.exe';
const PENDING = 64;
const NATIVE_SYNC = 8;
const LOOP_DELAY_MS = 3000;
const ABORTS = 200;
const MEBIBYTE = 1024 * 1024;

const { values } = parseArgs({
  strict: false,
  options: {
    backend: { type: 'string', default: backends().default },
    rounds: { type: 'string', default: '15' },
    milliseconds: { type: 'string', default: '400' },
    output: { type: 'string', default: 'build/bench.json' },
    'no-download': { type: 'boolean' },
  },
});
const backend = values.backend as BackendName;
const rounds = Number(values.rounds);
const milliseconds = Number(values.milliseconds);
const program = backend === 'system' && existsSync(BASELINE) ? BASELINE : undefined;

const inThisFolder = (name: string) => fileURLToPath(new URL(name, import.meta.url));

async function startServer(): Promise<{ origin: string; end: () => Promise<unknown> }> {
  const worker = new Worker(inThisFolder('server.js'));
  const [port] = await once(worker, 'message');
  return { origin: `http://127.0.0.1:${port}`, end: () => worker.terminate() };
}

/** A whole request with one call. */
function oneCrossing(url: string): Client {
  return async () => {
    const { status, body } = await WinHttpRequest.request(url, { backend });
    if (status !== 200 || body.length === 0) throw new Error(`${status}`);
  };
}

/** The same, member by member, on one object. */
async function memberByMember(url: string): Promise<Client> {
  const request = await WinHttpRequest.create({ backend });
  return async () => {
    await request.open('GET', url);
    await request.send();
    const status = await request.status;
    await request.statusText;
    await request.getAllResponseHeaders();
    const body = await request.responseBody;
    if (status !== 200 || body.length === 0) throw new Error(`${status}`);
  };
}

function undiciClient(url: string, dispatcher: Agent): Client {
  return async () => {
    const { statusCode, body } = await undiciRequest(url, { dispatcher });
    const bytes = await body.arrayBuffer();
    if (statusCode !== 200 || bytes.byteLength === 0) throw new Error(`${statusCode}`);
  };
}

/** The peer is undici in this process or, with COM, a C++ program that makes the same calls. */
async function throughputRows(origin: string): Promise<Row[]> {
  const url = `${origin}/hello`;
  const dispatcher = new Agent();
  const peerOf = (atATime: number, kind = 'request') =>
    program === undefined
      ? rateOfClients(times(atATime, undiciClient(url, dispatcher)))
      : rateOfProgram(program, url, kind, atATime);
  const common = { peerName: program === undefined ? 'undici.request' : 'C++', rounds, milliseconds };
  const whole = (concurrency: number) => rateOfClients(times(concurrency, oneCrossing(url)));
  const members = rateOfClients([await memberByMember(url)]);
  const rows = [
    await compareThroughput(whole(1), peerOf(1), { id: 'winhttp-1', ...common }),
    await compareThroughput(whole(32), peerOf(32), { id: 'winhttp-32', ...common }),
    await compareThroughput(members, peerOf(1, 'members'), { id: 'winhttp-members', ...common }),
  ];
  await dispatcher.close();
  return rows;
}

function times(count: number, client: Client): Client[] {
  return Array.from({ length: count }, () => client);
}

function row(id: string, unit: string, ours: number, peer: number, peerName: string): Row {
  const ratio = significant(peer / ours);
  return { id, unit, ours: significant(ours), peer: significant(peer), peerName, ratio, spread: 0, ...here };
}

async function loopDelayRows(origin: string, id: string, pending: Unanswered): Promise<Row[]> {
  const { alone, beside, abortAll } = await measureLoopDelay(backend, origin, pending, LOOP_DELAY_MS);
  console.log(`${id}: ${pending.count} sends aborted in ${abortAll.toFixed(0)} ms`);
  return [
    row(`${id}-p99`, 'ms', beside.p99, alone.p99, 'without pending sends'),
    row(`${id}-request`, 'ms', beside.request, alone.request, 'without pending sends'),
  ];
}

/** Runs a program of this folder, which writes its result as JSON to the file in its last argument. */
async function resultOf(name: string, ...args: readonly string[]) {
  const folder = mkdtempSync(path.join(tmpdir(), 'winwire-bench-'));
  try {
    const file = path.join(folder, 'result.json');
    const command = ['--expose-gc', inThisFolder(name), ...args, file];
    const [code] = await once(spawn(process.execPath, command, { stdio: 'ignore' }), 'exit');
    if (code !== 0) throw new Error(`${name} ${args.join(' ')} ended with exit code ${code}`);
    return JSON.parse(readFileSync(file, 'utf8'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function downloadRow(origin: string, way: 'stream' | 'events'): Promise<Row> {
  const { size, seconds, growth } = await resultOf('download.js', backend, `${origin}/large`, way);
  if (size !== 1024 * MEBIBYTE) throw new Error(`the download by ${way} got ${size} bytes`);
  console.log(`1 GiB by ${way}: ${seconds.toFixed(1)} s, ${(growth / MEBIBYTE).toFixed(0)} MiB more than before`);
  return row(`winhttp-download-${way}`, 'MiB', growth / MEBIBYTE, 64, 'limit');
}

async function abortMemoryRow(origin: string, baseline: string): Promise<Row> {
  const url = `${origin}/never`;
  const ours = await resultOf('abort-memory.js', backend, url, `${ABORTS}`);
  const peer = Number(await outputOf(baseline, [url, `${ABORTS}`, 'aborts']));
  return row('winhttp-abort-memory', 'bytes/request', ours, peer, 'C++');
}

const server = await startServer();
const rows = await throughputRows(server.origin);
rows.push(...(await loopDelayRows(server.origin, 'loop-delay', { count: PENDING, nativeSync: false })));
if (backend === 'system') {
  const pending = { count: NATIVE_SYNC, nativeSync: true };
  rows.push(...(await loopDelayRows(server.origin, 'loop-delay-native-sync', pending)));
}
if (program !== undefined) rows.push(await abortMemoryRow(server.origin, program));

if (!values['no-download'])
  for (const way of ['stream', 'events'] as const) rows.push(await downloadRow(server.origin, way));
await server.end();
printTable(rows);
writeRows(`${values.output}`, rows);
