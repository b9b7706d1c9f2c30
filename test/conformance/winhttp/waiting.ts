// WaitForResponse: RQ-121 to RQ-128.
import assert from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import { watch } from '../../../lib/parity/waiting.ts';
import { Code } from './hresult.ts';
import type { StatementSection } from './statement.ts';

/** Returns the duration in seconds. */
async function timed<T>(call: () => Promise<T>): Promise<{ result: T; seconds: number }> {
  const start = performance.now();
  const result = await call();
  return { result, seconds: (performance.now() - start) / 1000 };
}

// A timer may fire slightly early by the other clock.
const EARLY = 0.02;
// Far more than a busy machine adds.
const PROMPT = 10;

export const waiting: StatementSection = {
  'RQ-121': async (t) => {
    const { request, pending, release } = await t.stage('SENDING');
    const { result, seconds } = await timed(() => request.waitForResponse(1));
    assert.equal(result, false);
    assert.ok(seconds >= 1 - EARLY && seconds < 1 + PROMPT, `${seconds} s`);
    assert.equal(pending.settled, undefined);
    release();
    await pending.end;
    assert.equal(await request.responseText, 'hello');
  },

  'RQ-122': async (t) => {
    const { request, release } = await t.stage('SENDING');
    assert.equal(await request.waitForResponse(0.1), false);
    const wait = request.waitForResponse(5);
    release();
    assert.equal(await wait, true);
    assert.equal(await request.status, 200);
  },

  'RQ-123': async (t) => {
    for (const args of [[], [-1]] as const) {
      const { request, release } = await t.stage('SENDING');
      const wait = watch(request.waitForResponse(...args));
      assert.equal(await request.waitForResponse(0.05), false);
      assert.equal(wait.settled, undefined);
      release();
      await wait.end;
      assert.equal(wait.value, true);
      assert.equal(await request.status, 200);
    }
  },

  'RQ-124': async (t) => {
    const { request, pending } = await t.stage('SENDING');
    const { result, seconds } = await timed(() => request.waitForResponse(0));
    assert.equal(result, false);
    assert.ok(seconds < PROMPT);
    assert.equal(pending.settled, undefined);
  },

  'RQ-125': async (t) => {
    for (const async of [true, false]) {
      const { request } = await t.stage('DONE', async);
      const { seconds } = await timed(() => request.waitForResponse(60));
      assert.ok(seconds < PROMPT);
    }
  },

  'RQ-126': async (t) => {
    for (const async of [true, false]) {
      const { request } = await t.stage('DONE', async);
      assert.equal(await request.waitForResponse(), true);
      assert.equal(await request.waitForResponse(0), true);
    }
  },

  'RQ-127': async (t) => {
    const request = await t.open(await t.refusingUrl());
    const send = watch(request.send());
    await t.fails(() => request.waitForResponse(10), Code.CANNOT_CONNECT);
    await send.end;
  },

  'RQ-128': async (t) => {
    const { request, pending } = await t.stage('SENDING');
    const { result, seconds } = await timed(() => request.waitForResponse(0.5));
    assert.equal(result, false);
    assert.ok(seconds >= 0.5 - EARLY && seconds < 0.5 + PROMPT, `${seconds} s`);
    assert.equal(pending.settled, undefined);
  },
};
