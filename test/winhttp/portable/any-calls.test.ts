// Invariants of one object under any calls in any order, without waiting.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WinwireError } from '../../../lib/errors.ts';
import type { WinHttpRequest } from '../../../lib/index.ts';
import { create } from '../../helpers/http-request.ts';
import { HttpServer } from '../../helpers/http-server.ts';

let server: HttpServer;
beforeAll(async () => {
  server = await HttpServer.start();
});
afterAll(() => server[Symbol.asyncDispose]());

const PATHS = ['/', '/never', '/head-only', '/reset', '/short', '/hops?left=3', '/loop', '/large?size=200000'] as const;

/** The calls, given the signal that may abort them later. */
const CALLS: Readonly<Record<string, (request: WinHttpRequest, path: string) => unknown>> = {
  open: (request, path) => request.open('GET', server.url(path)),
  'open a POST': (request, path) => request.open('POST', server.url(path)),
  'open an invalid URL': (request) => request.open('GET', 'nowhere'),
  send: (request) => request.send('body'),
  'send and give up': (request) => {
    const controller = new AbortController();
    const sent = request.send(null, { signal: controller.signal });
    setImmediate(() => controller.abort());
    return sent;
  },
  abort: (request) => request.abort(),
  wait: (request) => request.waitForResponse(5),
  'wait no time': (request) => request.waitForResponse(0),
  header: (request) => request.setRequestHeader('X-Any', '1'),
  timeouts: (request) => request.setTimeouts(1000, 1000, 1000, 1000),
  status: (request) => request.status,
  text: (request) => request.responseText,
  stream: async (request) => (await request.responseStream).destroy(),
  headers: (request) => request.getAllResponseHeaders(),
  option: (request) => request.getOption('URL'),
  'let go on': () => new Promise(setImmediate),
};

const step = fc.tuple(fc.constantFrom(...Object.keys(CALLS)), fc.constantFrom(...PATHS), fc.boolean());

const isExpected = (error: unknown): boolean => error instanceof WinwireError || (error as Error).name === 'AbortError';

test('after random calls each promise has settled, no event belongs to an ended request, and the object still works', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 20 }),
      fc.constantFrom(1000, 1_000_000),
      async (steps, responseMemory) => {
        const request = await create({ limits: { responseMemory } });
        const events: string[] = [];
        request.on('responseStart', () => events.push('start'));
        request.on('responseDataAvailable', () => events.push('data'));
        request.on('responseFinished', () => events.push('end'));
        request.on('error', () => events.push('error'));
        const unexpected: unknown[] = [];
        const calls: unknown[] = [];
        for (const [name, path, isAwaited] of steps) {
          const call = Promise.resolve(CALLS[name]?.(request, path)).catch((error: unknown) => {
            if (!isExpected(error)) unexpected.push([name, error]);
          });
          calls.push(call);
          // An unanswered call is not awaited before it is cancelled.
          if (isAwaited && !/^(send|wait)$/.test(name)) await call;
        }
        await request.abort();
        await Promise.all(calls);
        expect(unexpected).toEqual([]);
        events.length = 0;
        await request.open('GET', server.url());
        await request.send();
        expect([await request.status, await request.responseText]).toEqual([200, 'hello']);
        expect(events).toEqual(['start', 'data', 'end']);
        await request[Symbol.asyncDispose]();
      },
    ),
    { numRuns: 60, timeout: 20_000, endOnFailure: true },
  );
});
