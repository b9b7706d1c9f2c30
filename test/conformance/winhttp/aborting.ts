// Abort: RQ-132 to RQ-141.
import assert from 'node:assert/strict';
import { duration, expectQuick, watch } from '../../../lib/parity/waiting.ts';
import type { RequestContext, State } from './context.ts';
import { Code } from './hresult.ts';
import type { StatementSection } from './statement.ts';

const PROMPT_MS = 200;
const PENDING: readonly State[] = ['SENDING', 'RECEIVING'];

/** Abort of such a request returns within 200 ms, and its promise rejects with one of the HRESULTs, if given. */
async function abortIsPrompt(t: RequestContext, state: State, ...codes: readonly number[]): Promise<void> {
  await expectQuick(PROMPT_MS, async () => {
    const { request, pending } = await t.stage(state);
    const elapsed = await duration(() => request.abort());
    await pending.end;
    await t.fails(() => Promise.reject(pending.error), ...codes);
    return elapsed;
  });
}

export const aborting: StatementSection = {
  'RQ-132': async (t) => {
    const { request } = await t.stage('NEW');
    await request.abort();
  },

  'RQ-133': async (t) => {
    const { request } = await t.stage('OPEN');
    await request.abort();
  },

  'RQ-134': async (t) => {
    const { request } = await t.stage('DONE');
    await request.abort();
    await request.abort();
  },

  'RQ-135': async (t) => {
    for (const state of ['OPEN', 'SENDING', 'RECEIVING', 'DONE'] as const) {
      const { request } = await t.stage(state);
      await request.abort();
      await t.gettersFail(request, Code.CANNOT_CALL_BEFORE_SEND);
    }
  },

  'RQ-136': async (t) => {
    const { request } = await t.stage('ABORTED');
    await t.fails(() => request.setRequestHeader('X-Name', 'value'), Code.CANNOT_CALL_BEFORE_OPEN);
    await t.fails(() => request.setCredentials('user', 'password', 0), Code.CANNOT_CALL_BEFORE_OPEN);
  },

  'RQ-137': (t) => abortIsPrompt(t, 'SENDING', Code.CANCELLED),

  'RQ-138': (t) => abortIsPrompt(t, 'RECEIVING'),

  'RQ-139': async (t) => {
    for (const state of ['OPEN', 'SENDING', 'RECEIVING', 'DONE', 'FAILED'] as const) {
      const { request } = await t.stage(state);
      await request.abort();
      const server = await t.serve();
      await request.open('GET', server.url());
      await request.send();
      assert.equal(await request.status, 200);
      assert.equal(await request.responseText, 'hello');
    }
  },

  'RQ-140': async (t) => {
    const { request, server } = await t.stage('OPEN', false);
    const aborted = new Promise<void>((resolve) => {
      request.on('responseStart', () => resolve(request.abort()));
    });
    const send = watch(request.send());
    await server.arrived();
    await aborted;
    await send.end;
    const { hresult } = await t.fails(() => Promise.reject(send.error));
    await t.assumed(() => assert.equal(hresult, Code.CANCELLED));
  },

  'RQ-141': async (t) => {
    for (const state of PENDING) {
      const { request, server } = await t.stage(state);
      assert.equal(server.open, 1);
      await request.abort();
      await server.closed();
    }
  },
};
