// Worker threads: each has separate state, and ends with open handles.
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { loadNative } from '../../lib/native.ts';
import { BufferType } from '../../lib/sys.ts';
import { availableBackends } from '../helpers/backends.ts';
import { openPair, transfer } from '../helpers/loopback.ts';

const { openHandleCount } = loadNative();
const COUNT = 30;

interface Started {
  handles: number;
  open: number;
}

describe.each(availableBackends)('a worker with open handles of %s', (backend) => {
  const startWorker = (then: string) =>
    new Worker(fileURLToPath(new URL('programs/worker.mjs', import.meta.url)), {
      workerData: { backend, count: COUNT, then },
      execArgv: [],
    });

  // An error of the worker may come before its message.
  const started = (worker: Worker) => new Promise<Started>((resolve) => worker.once('message', resolve));

  it.each([
    ['end', 0],
    ['exit', 5],
  ])('may %s', async (then, code) => {
    const before = openHandleCount();
    const worker = startWorker(then);
    const ended = once(worker, 'exit');
    expect((await started(worker)).handles).toBe(2 * COUNT);
    expect(await ended).toEqual([code]);
    expect(openHandleCount()).toBe(before);
  });

  it('may throw', async () => {
    const before = openHandleCount();
    const worker = startWorker('throw');
    const failed = once(worker, 'error');
    const ended = new Promise((resolve) => worker.once('exit', resolve));
    await started(worker);
    expect(await failed).toMatchObject([{ message: 'on purpose' }]);
    expect(await ended).toBe(1);
    expect(openHandleCount()).toBe(before);
  });

  it.each(['stay', 'work'])('may be terminated when it would %s', async (then) => {
    const before = openHandleCount();
    const worker = startWorker(then);
    const { open } = await started(worker);
    expect(open).toBe(before + 2 * COUNT);
    await worker.terminate();
    expect(openHandleCount()).toBe(before);
  });

  it('may be one of several, while this thread is busy', async () => {
    const before = openHandleCount();
    using pair = openPair({ client: { backend }, server: { backend } });
    const workers = Array.from({ length: 4 }, () => startWorker('work'));
    await Promise.all(workers.map(started));
    const payload = Buffer.alloc(5000, 3);
    for (let times = 0; times < 100; times++) {
      expect(transfer(pair.client, BufferType.BINARY_MESSAGE, payload).data.equals(payload)).toBe(true);
    }
    await Promise.all(workers.map((worker) => worker.terminate()));
    expect(openHandleCount()).toBe(before + 2);
  });
});
