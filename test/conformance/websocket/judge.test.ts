import assert from 'node:assert/strict';
import { describe, expect, test } from 'vitest';
import type { Lane } from './context.ts';
import { judge } from './judge.ts';
import type { KnownDifference } from './known-differences.ts';
import { BufferType } from './subject.ts';

const STRICT: Lane = { client: 'portable', server: 'portable', strict: true };
const LENIENT: Lane = { ...STRICT, strict: false };

const refusal = (t: Parameters<KnownDifference['assertDifference']>[0], code: string, preferred?: string) => {
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
  test('a body that returns passes', () => {
    expect(judge(() => {}, STRICT)).toEqual({ result: 'pass' });
  });

  test('a body that throws fails with its message', () => {
    expect(judge(() => assert.fail('why'), STRICT)).toEqual({ result: 'fail', message: 'why' });
  });

  test('the code of a refusal is asserted in every lane', () => {
    for (const lane of [STRICT, LENIENT]) {
      expect(judge((t) => refusal(t, 'E_INVALID_PROTOCOL_OPERATION'), lane).result).toBe('pass');
      expect(judge((t) => refusal(t, 'E_OUTOFMEMORY'), lane).result).toBe('fail');
    }
  });

  test('a preferred code is asserted in a strict lane and noted in another', () => {
    const body = (t: Parameters<KnownDifference['assertDifference']>[0]) => refusal(t, '', 'E_OUTOFMEMORY');
    expect(judge(body, STRICT).result).toBe('fail');
    const verdict = judge(body, LENIENT);
    expect(verdict.result).toBe('pass');
    expect(verdict.notes).toHaveLength(1);
  });

  test('a refusal by the typed API is no refusal by the backend', () => {
    const body = (t: Parameters<KnownDifference['assertDifference']>[0]) =>
      t.fails('WebSocketSend', () => t.sys.WebSocketSend(t.create('server'), -1));
    expect(judge(body, STRICT).result).toBe('fail');
  });

  test('a call that succeeds is no refusal', () => {
    expect(judge((t) => t.fails('WebSocketCreateClientHandle', () => t.create('client')), STRICT).result).toBe('fail');
  });

  test('a known difference is asserted in place of the statement', () => {
    const body = () => assert.fail('the statement is not run');
    expect(judge(body, STRICT, difference)).toEqual({ result: 'known difference', message: 'an example' });
  });

  test('a known difference that is gone fails', () => {
    const gone = { ...difference, assertDifference: () => assert.fail('it does what the statement says') };
    expect(judge(() => {}, STRICT, gone)).toEqual({ result: 'fail', message: 'it does what the statement says' });
  });
});
