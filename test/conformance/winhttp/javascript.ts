// The JavaScript surface: RQ-232 to RQ-237.
import assert from 'node:assert/strict';
import { turns, watch } from '../../../lib/parity/waiting.ts';
import type { RequestContext } from './context.ts';
import { Code } from './hresult.ts';
import { endsWell, WAYS } from './process-end.ts';
import type { StatementSection } from './statement.ts';

/** Counts how often a promise settles, through all of its callbacks. */
function counted(promise: Promise<unknown>) {
  const calls = { fulfilled: 0, rejected: 0 };
  promise.then(
    () => {
      calls.fulfilled += 1;
    },
    () => {
      calls.rejected += 1;
    },
  );
  return calls;
}

async function failsWithHresult(call: () => Promise<unknown>, hresult: number): Promise<void> {
  const outcome = watch(call());
  await outcome.end;
  assert.equal((outcome.error as { hresult: unknown }).hresult, hresult);
}

async function endsOnce(t: RequestContext, url: string, end: 'fulfilled' | 'rejected'): Promise<void> {
  const request = await t.open(url);
  const promise = request.send();
  const calls = counted(promise);
  await watch(promise).end;
  await request.abort();
  await turns();
  assert.deepEqual(calls, { fulfilled: 0, rejected: 0, [end]: 1 });
}

export const javascript: StatementSection = {
  'RQ-232': async (t) => {
    for (const status of [200, 204, 404, 500]) {
      const server = await t.serve((_request, reply) => reply.send({ status }));
      await endsOnce(t, server.url(), 'fulfilled');
    }
    await endsOnce(t, await t.refusingUrl(), 'rejected');
    const { request, pending, release } = await t.stage('SENDING');
    await request.abort();
    await pending.end;
    release();
    await turns();
    await t.fails(() => Promise.reject(pending.error), Code.CANCELLED);
  },

  'RQ-233': async (t) => {
    const { request, pending } = await t.stage('DONE');
    assert.equal(pending.settled, 'fulfilled');
    await request.abort();
    await turns();
    assert.equal(pending.settled, 'fulfilled');
  },

  'RQ-234': async (t) => {
    for (const state of ['SENDING', 'RECEIVING'] as const) {
      const { request, server, pending } = await t.stage(state);
      await request.open('GET', server.url());
      await pending.end;
      await t.fails(() => Promise.reject(pending.error), Code.CANCELLED);
    }
  },

  'RQ-235': async (t) => {
    for (const state of ['SENDING', 'RECEIVING'] as const) {
      const { request, server, pending, release } = await t.stage(state);
      await t.fails(() => request.send('second'), Code.CANNOT_CALL_AFTER_SEND);
      assert.equal(pending.settled, undefined);
      release();
      await pending.end;
      assert.equal(pending.settled, 'fulfilled');
      assert.equal(await request.status, 200);
      assert.equal(server.requests.length, 1);
    }
  },

  'RQ-236': async (t) => {
    await Promise.all(WAYS.map((way) => endsWell(t, way)));
  },

  'RQ-237': async (t) => {
    const request = await t.create();
    await failsWithHresult(() => request.send(), 2147954500);
    await failsWithHresult(() => request.status, 2147954501);
    await failsWithHresult(() => request.open('GET', 'nothing'), 2147954406);
    await request.open('GET', await t.refusingUrl());
    await failsWithHresult(() => request.send(), 2147954429);
  },
};
