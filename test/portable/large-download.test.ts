// 1 GiB in constant memory: the server is another process, so that what grows here is the client.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WinHttpRequest } from '../../lib/sys/index.ts';
import { failure, opened } from '../helpers/http-request.ts';

declare const gc: () => void;

const SIZE = 2 ** 30;
const MAX_GROWTH = 64 * 2 ** 20;
const SERVER = fileURLToPath(new URL('../helpers/large-server.mjs', import.meta.url));

let url = '';
const server = spawn(process.execPath, [SERVER, String(SIZE)], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });

beforeAll(async () => {
  const [port] = await once(server, 'message');
  url = `http://127.0.0.1:${port}/`;
});
afterAll(() => server.kill());

/** How much more memory is in use while `work` runs than before. */
async function growthOf(work: (look: () => void) => Promise<void>): Promise<number> {
  gc();
  const before = process.memoryUsage.rss();
  let most = before;
  await work(() => {
    most = Math.max(most, process.memoryUsage.rss());
  });
  return most - before;
}

test('through events and responseStream', async () => {
  const request = await opened(url);
  let received = 0;
  const growth = await growthOf(async (look) => {
    request.on('responseDataAvailable', (chunk) => {
      received += chunk.length;
      if (received % (16 * 2 ** 20) < chunk.length) look();
    });
    await request.send();
    look();
    let read = 0;
    for await (const chunk of await request.responseStream) {
      read += chunk.length;
      if (read % (16 * 2 ** 20) < chunk.length) look();
    }
    expect(read).toBe(SIZE);
  });
  expect(received).toBe(SIZE);
  expect(growth).toBeLessThan(MAX_GROWTH);
  const body = await failure(request.responseBody, 'ERROR_FILE_TOO_LARGE');
  expect(body.message).toContain('limits.responseBody is 268435456 bytes');
  await failure(request.responseText, 'ERROR_FILE_TOO_LARGE');
  await request[Symbol.asyncDispose]();
}, 120_000);

test('WinHttpRequest.request stops at its limit', async () => {
  const limits = { responseBody: 2 ** 20 };
  const growth = await growthOf(async () => {
    await failure(WinHttpRequest.request(url, { backend: 'portable', limits }), 'ERROR_FILE_TOO_LARGE');
  });
  expect(growth).toBeLessThan(MAX_GROWTH);
});
