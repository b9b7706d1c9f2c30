// Bodies in memory and in a temporary file.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, expect, test, vi } from 'vitest';
import { ResponseStore } from '../../../lib/winhttp/portable/response-store.ts';
import { failure, opened } from '../../helpers/http-request.ts';
import { HttpServer } from '../../helpers/http-server.ts';

afterEach(() => vi.unstubAllEnvs());

const spoolFiles = () => readdirSync(tmpdir()).filter((name) => /^winwire-[0-9a-f]{8}-/.test(name));
const part = (length: number, value: number) => Buffer.alloc(length, value);
const read = async (store: ResponseStore) => Buffer.concat(await store.stream().toArray());

/** Appends, waiting when asked to. */
async function append(store: ResponseStore, ...chunks: Buffer[]): Promise<void> {
  for (const chunk of chunks) {
    await new Promise<void>((resolve) => {
      if (store.append(chunk, resolve)) resolve();
    });
  }
}

test.each([
  ['in memory', 1000],
  ['in a file from the middle on', 15],
  ['in a file', 0],
])('a body %s', async (_where, limit) => {
  const store = new ResponseStore(limit);
  await append(store, part(10, 1), part(10, 2));
  await store.complete();
  const whole = Buffer.concat([part(10, 1), part(10, 2)]);
  expect(store.isInMemory).toBe(limit === 1000);
  // Windows lists a deleted file until its last handle is closed.
  if (process.platform !== 'win32') expect(spoolFiles()).toEqual([]);
  const bytes = await store.bytes('ResponseBody', 'responseBody', 20);
  expect(bytes).toEqual(whole);
  bytes.fill(0);
  // Streams are independent, and outlive the store.
  const [one, other] = [store.stream(), store.stream()];
  await once(one, 'readable');
  expect(one.read(5)).toEqual(whole.subarray(0, 5));
  await failure(store.bytes('ResponseBody', 'responseBody', 19), 'ERROR_FILE_TOO_LARGE');
  store.dispose();
  expect(Buffer.concat(await other.toArray())).toEqual(whole);
  expect(Buffer.concat(await one.toArray())).toEqual(whole.subarray(5));
});

test('a large body goes to the file in blocks, and the sender is paused', async () => {
  const store = new ResponseStore(1024);
  const chunks = Array.from({ length: 64 }, (_, i) => part(100_000, i));
  let waits = 0;
  for (const chunk of chunks) {
    await new Promise<void>((resolve) => {
      if (store.append(chunk, resolve)) resolve();
      else waits++;
    });
  }
  await store.complete();
  expect(waits).toBeGreaterThan(0);
  expect((await read(store)).equals(Buffer.concat(chunks))).toBe(true);
  store.dispose();
});

test('a chunk may be changed once it is in the file', async () => {
  const store = new ResponseStore(0);
  const chunk = part(300_000, 1);
  await append(store, chunk);
  chunk.fill(9);
  await store.complete();
  expect((await read(store)).equals(part(300_000, 1))).toBe(true);
  store.dispose();
});

test('the object stores a body beyond limits.responseMemory in a file', async () => {
  await using server = await HttpServer.start();
  const size = 3_000_000;
  const request = await opened(server.url(`/large?size=${size}`), 'GET', { limits: { responseMemory: 1000 } });
  const seen: Buffer[] = [];
  request.on('responseDataAvailable', (chunk) => seen.push(chunk));
  await request.send();
  const whole = Buffer.alloc(size, 'winwire ');
  expect((await request.responseBody).equals(whole)).toBe(true);
  expect(Buffer.concat(seen).equals(whole)).toBe(true);
  expect(Buffer.concat(await (await request.responseStream).toArray()).equals(whole)).toBe(true);
  expect((await request.responseText).length).toBe(size);
});

test('a folder in which no file can be created fails the request, not the object', async () => {
  await using server = await HttpServer.start();
  vi.stubEnv('TMPDIR', '/nowhere');
  vi.stubEnv('TEMP', '/nowhere');
  const request = await opened(server.url('/large?size=100000'), 'GET', { limits: { responseMemory: 1000 } });
  const error = await failure(request.send(), 'ERROR_WRITE_FAULT');
  expect(error.cause).toMatchObject({ code: 'ENOENT' });
  await request.open('GET', server.url());
  await request.send();
  expect(await request.responseText).toBe('hello');
});

test.skipIf(process.platform === 'win32')('a file that cannot grow fails the request, not the object', async () => {
  await using server = await HttpServer.start();
  const program = fileURLToPath(new URL('write-fault-program.mjs', import.meta.url));
  const args = [process.execPath, program, server.url('/large?size=3000000'), server.url()];
  // In blocks of 512 or 1,024 bytes, depending on the shell.
  const { stdout } = await promisify(execFile)('sh', ['-c', 'ulimit -f 512; exec "$0" "$@"', ...args]);
  expect(stdout).toBe('ERROR_WRITE_FAULT EFBIG 200\n');
});
