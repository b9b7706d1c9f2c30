import assert from 'node:assert/strict';
import { describe, expect, test } from 'vitest';
import type { Lane, StatementContext } from './context.ts';
import { judge } from './judge.ts';
import type { KnownDifference } from './known-differences.ts';
import type { StatementBody } from './statement.ts';
import { BufferType } from './subject.ts';

const STRICT: Lane = { client: 'portable', server: 'portable', strict: true };
const LENIENT: Lane = { ...STRICT, strict: false };

const resultOf = async (body: StatementBody, lane: Lane) => (await judge(body, lane)).result;

const refusal = (t: StatementContext, code: string, preferred?: string) => {
  const server = t.create('server');
  const send = () => t.sys.WebSocketSend(server, BufferType.PING_PONG);
  t.fails('WebSocketSend', send, preferred === undefined ? { code } : { preferred });
};

const difference: KnownDifference = {
  id: 'WS-000',
  provider: 'portable',
  reason: 'an example',
  assertDifference: (t) => assert.ok(t.create('client')),
};

describe('judge', () => {
  test('a body that returns passes', async () => {
    expect(await judge(() => {}, STRICT)).toEqual({ result: 'pass' });
  });

  test('a body that throws fails with its message', async () => {
    expect(await judge(() => assert.fail('why'), STRICT)).toEqual({ result: 'fail', message: 'why' });
  });

  test('the code of an error is asserted in every lane', async () => {
    for (const lane of [STRICT, LENIENT]) {
      expect(await resultOf((t) => refusal(t, 'E_INVALID_PROTOCOL_OPERATION'), lane)).toBe('pass');
      expect(await resultOf((t) => refusal(t, 'E_OUTOFMEMORY'), lane)).toBe('fail');
    }
  });

  test('a preferred code is asserted in a strict lane and noted in another', async () => {
    const body = (t: StatementContext) => refusal(t, '', 'E_OUTOFMEMORY');
    expect(await resultOf(body, STRICT)).toBe('fail');
    const verdict = await judge(body, LENIENT);
    expect(verdict.result).toBe('pass');
    expect(verdict.notes).toHaveLength(1);
  });

  test('an error of the typed API does not count as one of the backend', async () => {
    const body = (t: StatementContext) => t.fails('WebSocketSend', () => t.sys.WebSocketSend(t.create('server'), -1));
    expect(await resultOf(body, STRICT)).toBe('fail');
  });

  test('a call that succeeds fails the expectation of an error', async () => {
    expect(await resultOf((t) => t.fails('WebSocketCreateClientHandle', () => t.create('client')), STRICT)).toBe(
      'fail',
    );
  });

  test('a known difference is asserted instead of the statement', async () => {
    const body = () => assert.fail('the statement is not run');
    expect(await judge(body, STRICT, difference)).toEqual({ result: 'known difference', message: 'an example' });
  });

  test('a known difference that no longer exists fails', async () => {
    const gone = { ...difference, assertDifference: () => assert.fail('it does what the statement says') };
    expect(await judge(() => {}, STRICT, gone)).toEqual({ result: 'fail', message: 'it does what the statement says' });
  });
});
