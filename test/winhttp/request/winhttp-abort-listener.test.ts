// WinHttpRequest.abort() from a listener of each event, on every available backend.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { turns } from '../../../lib/parity/waiting.ts';
import { namesOf, record } from '../../conformance/winhttp/events.ts';
import { Code } from '../../conformance/winhttp/hresult.ts';
import { lanes } from '../../conformance/winhttp/registry.ts';
import { AbortContext, hresultOf, settlements } from './winhttp-abort-context.ts';

describe.each(lanes)('abort on $backend', (lane) => {
  let t: AbortContext;
  beforeEach(() => {
    t = new AbortContext(lane);
  });
  afterEach(() => t.dispose());

  describe('from a listener', () => {
    const last = {
      responseStart: ['responseStart'],
      responseDataAvailable: ['responseStart', 'responseDataAvailable'],
      downloadProgress: ['responseStart', 'responseDataAvailable'],
    } as const;

    test.each(Object.entries(last))('of %s: it is the last event', async (name, expected) => {
      const body = Buffer.alloc(1 << 20, 'x');
      const server = await t.serve((_request, reply) => reply.send({ body }));
      for (const async of [true, false]) {
        const request = await t.open(server.url(), 'GET', async);
        const events = record(request);
        const aborted = new Promise<void>((resolve) => {
          request.once(name as 'responseStart', () => resolve(request.abort()));
        });
        const told = settlements(request.send());
        await aborted;
        await turns();
        expect(namesOf(events)).toEqual(expected);
        expect(events.length).toBe(expected.length);
        expect(told.map(hresultOf)).toEqual([Code.CANCELLED]);
        await t.expectClosed(server);
        await t.expectUsable(request);
      }
    });

    test('of responseFinished: the response is gone', async () => {
      const server = await t.serve();
      const request = await t.open(server.url());
      const events = record(request);
      const aborted = new Promise<void>((resolve) => {
        request.once('responseFinished', () => resolve(request.abort()));
      });
      const told = settlements(request.send());
      await aborted;
      await turns();
      expect(told).toHaveLength(1);
      expect(namesOf(events)).toEqual(['responseStart', 'responseDataAvailable', 'responseFinished']);
      await t.gettersFail(request, Code.CANNOT_CALL_BEFORE_SEND);
      await t.expectUsable(request);
    });

    test('of error: the failure stands', async () => {
      const request = await t.open(await t.refusingUrl());
      const aborted = new Promise<void>((resolve) => {
        request.once('error', () => resolve(request.abort()));
      });
      const events = record(request);
      const told = settlements(request.send());
      await aborted;
      await turns();
      expect(told).toHaveLength(1);
      expect([Code.CANNOT_CONNECT, Code.CANCELLED]).toContain(hresultOf(told[0]));
      expect(namesOf(events)).toEqual(['error']);
      request.removeAllListeners();
      await t.expectUsable(request);
    });
  });
});
