// A separate program: downloads one URL and writes the memory use of the process as JSON.
//   node --expose-gc download.js BACKEND URL stream|events RESULT-FILE
import { writeFileSync } from 'node:fs';
import { type BackendName, WinHttpRequest } from 'winwire';

const [backend, url = '', way, file = ''] = process.argv.slice(2);
const SAMPLE_MS = 20;

declare const gc: () => void;

async function byStream(request: WinHttpRequest): Promise<number> {
  await request.send();
  let size = 0;
  for await (const chunk of await request.responseStream) size += chunk.length;
  return size;
}

async function byEvents(request: WinHttpRequest): Promise<number> {
  let size = 0;
  request.on('responseDataAvailable', (chunk) => {
    size += chunk.length;
  });
  await request.send();
  return size;
}

async function prepared(): Promise<WinHttpRequest> {
  const request = await WinHttpRequest.create({ backend: backend as BackendName });
  // Loads everything that is loaded on first use before the measurement.
  await request.open('GET', new URL('/hello', url).href);
  await request.send();
  await request.open('GET', url);
  return request;
}

const request = await prepared();
gc();
const before = process.memoryUsage.rss();
let peak = before;
const sampling = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage.rss());
}, SAMPLE_MS);
const start = performance.now();
const size = await (way === 'events' ? byEvents(request) : byStream(request));
const seconds = (performance.now() - start) / 1000;
clearInterval(sampling);
await request[Symbol.asyncDispose]();
writeFileSync(file, JSON.stringify({ size, seconds, growth: peak - before }));
