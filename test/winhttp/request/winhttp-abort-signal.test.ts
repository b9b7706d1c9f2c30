// Signals of send, waitForResponse and WinHttpRequest.request, on every available backend.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AbortError } from '../../../lib/abort-signal.ts';
import { WinHttpRequest } from '../../../lib/index.ts';
import { type Answer, silence } from '../../../lib/parity/http-server.ts';
import { turns, watch } from '../../../lib/parity/waiting.ts';
import { lanes } from '../../conformance/winhttp/registry.ts';
import { AbortContext, settlements } from './winhttp-abort-context.ts';

describe.each(lanes)('abort by a signal on $backend', (lane) => {
  let t: AbortContext;
  beforeEach(() => {
    t = new AbortContext(lane);
  });
  afterEach(() => t.dispose());

  describe('of send', () => {
    test('aborted before: nothing is sent', async () => {
      const { request, server } = await t.stage('OPEN');
      const reason = new Error('why');
      const outcome = watch(request.send(undefined, { signal: AbortSignal.abort(reason) }));
      await outcome.end;
      expect(outcome.error).toBeInstanceOf(AbortError);
      expect((outcome.error as Error).cause).toBe(reason);
      await turns();
      expect(server.connections).toBe(0);
      await t.expectUsable(request);
    });

    test('while waiting for headers: an AbortError, and the connection is closed', async () => {
      const server = await t.serve(silence);
      const request = await t.open(server.url());
      const controller = new AbortController();
      const told = settlements(request.send(undefined, { signal: controller.signal }));
      await server.arrived();
      const reason = new Error('why');
      controller.abort(reason);
      await t.expectClosed(server);
      await turns();
      expect(told).toHaveLength(1);
      expect(told[0]).toBeInstanceOf(AbortError);
      expect((told[0] as Error).cause).toBe(reason);
      await t.expectUsable(request);
    });

    test('after the end: nothing', async () => {
      const server = await t.serve();
      const request = await t.open(server.url());
      const controller = new AbortController();
      await request.send(undefined, { signal: controller.signal });
      controller.abort();
      await turns();
      expect(await request.responseText).toBe('hello');
    });

    test('of the previous request: not the next one', async () => {
      const { request, server } = await t.stage('OPEN');
      const controller = new AbortController();
      await request.send(undefined, { signal: controller.signal });
      await request.open('GET', server.url());
      const second = watch(request.send());
      controller.abort();
      await second.end;
      expect(second.settled).toBe('fulfilled');
    });

    test('of waitForResponse: only the wait ends', async () => {
      const { request, server, pending, release } = await t.stage('SENDING');
      const controller = new AbortController();
      const wait = watch(request.waitForResponse(-1, { signal: controller.signal }));
      controller.abort('enough');
      await wait.end;
      expect(wait.error).toBeInstanceOf(AbortError);
      expect((wait.error as Error).cause).toBe('enough');
      expect(pending.settled).toBe(undefined);
      expect(server.open).toBe(1);
      release();
      expect(await request.waitForResponse()).toBe(true);
      expect(await request.responseText).toBe('hello');
    });
  });

  describe('of WinHttpRequest.request', () => {
    const stalled: Answer = async (_request, reply) => {
      reply.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\npart');
      await new Promise<void>(() => {});
    };

    async function expectAbortError(pending: Promise<unknown>, reason: unknown): Promise<void> {
      const outcome = watch(pending);
      await outcome.end;
      expect(outcome.error).toBeInstanceOf(AbortError);
      expect((outcome.error as Error).cause).toBe(reason);
    }

    test('aborted before: nothing is sent', async () => {
      const server = await t.serve();
      const signal = AbortSignal.abort('why');
      await expectAbortError(WinHttpRequest.request(server.url(), { backend: lane.backend, signal }), 'why');
      await turns();
      expect(server.connections).toBe(0);
    });

    test('in the turn of the call', async () => {
      const server = await t.serve(silence);
      const controller = new AbortController();
      const pending = WinHttpRequest.request(server.url(), { backend: lane.backend, signal: controller.signal });
      controller.abort('why');
      await expectAbortError(pending, 'why');
      await t.expectClosed(server);
    });

    test.each([
      ['waiting for headers', silence],
      ['receiving', stalled],
    ] as const)('%s: the connection is closed', async (_name, answer) => {
      const server = await t.serve(answer);
      const controller = new AbortController();
      const pending = WinHttpRequest.request(server.url(), { backend: lane.backend, signal: controller.signal });
      await server.arrived();
      controller.abort('why');
      await expectAbortError(pending, 'why');
      await t.expectClosed(server);
    });

    test('after the end: nothing', async () => {
      const server = await t.serve();
      const controller = new AbortController();
      const { signal } = controller;
      const response = await WinHttpRequest.request(server.url(), { backend: lane.backend, signal });
      controller.abort();
      expect(response.body.toString()).toBe('hello');
    });
  });
});
