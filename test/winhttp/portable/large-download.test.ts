// 1 GiB in constant memory: the server is another process, so only the client's memory is measured.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WinHttpRequest } from '../../../lib/index.ts';
import { failure, opened } from '../../helpers/http-request.ts';

declare const gc: () => void;

const SIZE = 2 ** 30;
const FIRST = 64 * 2 ** 20;
const MAX_GROWTH = 64 * 2 ** 20;
const SERVER = fileURLToPath(new URL('../../helpers/large-server.mjs', import.meta.url));

let url = '';
const server = spawn(process.execPath, [SERVER], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });

beforeAll(async () => {
  const [port] = await once(server, 'message');
  url = `http://127.0.0.1:${port}/`;
});
afterAll(() => server.kill());

/** Returns the growth of memory while `work` runs. */
async function growthOf(work: (look: () => void) => Promise<void>): Promise<number> {
  gc();
  const before = process.memoryUsage.rss();
  let most = before;
  await work(() => {
    most = Math.max(most, process.memoryUsage.rss());
  });
  return most - before;
}

/** Measures the memory at intervals of bytes. */
function counter(look: () => void) {
  const count = { bytes: 0 };
  const add = ({ length }: Buffer) => {
    count.bytes += length;
    if (count.bytes % (16 * 2 ** 20) < length) look();
  };
  return { count, add };
}

async function download(size: number, look: () => void): Promise<WinHttpRequest> {
  const request = await opened(`${url}${size}`);
  const { count, add } = counter(look);
  request.on('responseDataAvailable', add);
  await request.send();
  expect(count.bytes).toBe(size);
  return request;
}

async function read(request: WinHttpRequest, size: number, look: () => void): Promise<void> {
  const { count, add } = counter(look);
  for await (const chunk of await request.responseStream) add(chunk);
  expect(count.bytes).toBe(size);
}

test('through events and responseStream', async () => {
  // The first download warms up the heap.
  const first = await download(FIRST, () => {});
  await read(first, FIRST, () => {});
  await first[Symbol.asyncDispose]();
  let large: WinHttpRequest | undefined;
  const byEvents = await growthOf(async (look) => {
    large = await download(SIZE, look);
  });
  const byStream = await growthOf((look) => read(large as WinHttpRequest, SIZE, look));
  expect(byEvents).toBeLessThan(MAX_GROWTH);
  expect(byStream).toBeLessThan(MAX_GROWTH);
  const body = await failure((large as WinHttpRequest).responseBody, 'ERROR_FILE_TOO_LARGE');
  expect(body.message).toContain('limits.responseBody is 268435456 bytes');
  await failure((large as WinHttpRequest).responseText, 'ERROR_FILE_TOO_LARGE');
  await large?.[Symbol.asyncDispose]();
}, 120_000);

test('WinHttpRequest.request stops at its limit', async () => {
  const limits = { responseBody: 2 ** 20 };
  const growth = await growthOf(async () => {
    await failure(WinHttpRequest.request(`${url}${SIZE}`, { backend: 'portable', limits }), 'ERROR_FILE_TOO_LARGE');
  });
  expect(growth).toBeLessThan(MAX_GROWTH);
});
