// A separate program: sends and aborts unanswered requests, each with a new object, and writes by how many bytes each one
// makes the memory of the process grow.
//   node --expose-gc abort-memory.js BACKEND URL COUNT RESULT-FILE
import { writeFileSync } from 'node:fs';
import { type BackendName, WinHttpRequest } from 'winwire';

const [backend, url = '', count, file = ''] = process.argv.slice(2);
const WARM_UP = 50;

declare const gc: () => void;

async function sendAndAbort(): Promise<void> {
  const request = await WinHttpRequest.create({ backend: backend as BackendName });
  await request.open('GET', url);
  const end = request.send().then(
    () => 'fulfilled',
    (error: { code: string }) => error.code,
  );
  await request.abort();
  if ((await end) !== 'ERROR_WINHTTP_OPERATION_CANCELLED') throw new Error(`an aborted send ended with ${await end}`);
  await request[Symbol.asyncDispose]();
}

async function sendAndAbortAll(requests: number): Promise<void> {
  for (let i = 0; i < requests; i += 1) await sendAndAbort();
  gc();
}

await sendAndAbortAll(WARM_UP);
const before = process.memoryUsage.rss();
await sendAndAbortAll(Number(count));
writeFileSync(file, JSON.stringify((process.memoryUsage.rss() - before) / Number(count)));
