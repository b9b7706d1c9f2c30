import { AssertionError } from 'node:assert/strict';
import { describe, expect, test } from 'vitest';
import { backends } from '../../lib/backends.ts';
import { assertParity, type ParityMatchers, parityMatchers, websocketScenarios } from '../../lib/parity.ts';
import { BufferType, websocketFunctions } from '../../lib/sys.ts';
import { faults } from './faults.ts';

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: the interface that is added to has this parameter
  interface Matchers<T = any> extends ParityMatchers<Promise<void>> {}
}

expect.extend(parityMatchers);

const reference = 'portable';
const portable = websocketFunctions;
const fault = faults[0] as (typeof faults)[number];
const system = backends().websocket.system;

const [own] = websocketScenarios('own', {
  'two-messages': [
    'a client sends twice',
    (t) => {
      const client = t.open('client');
      client.send(BufferType.UTF8_MESSAGE, Buffer.from('one'));
      client.send(BufferType.UTF8_MESSAGE, Buffer.from('two'));
      client.pump();
    },
  ],
});

describe('toMatchSystem', () => {
  test('passes for equal behaviour: by id, by scenario, by several', async () => {
    await expect('portable').toMatchSystem('close-by-client', { reference });
    await expect('portable').toMatchSystem(own as NonNullable<typeof own>, { reference });
    await expect(portable).toMatchSystem(['text-from-client', 'ping-answered'], { reference });
  });

  test('fails for a fault, and names the step', async () => {
    const failure = await expect(fault.functions)
      .toMatchSystem(fault.scenario, { reference })
      .catch((error: Error) => error);
    expect(failure).toBeInstanceOf(Error);
    expect((failure as Error).message).toMatch(/✗ close-by-client[\s\S]*step \d+ of \d+ {2}client WebSocketGetAction/);
    expect((failure as Error).message).toContain('CLOSE, 6 bytes, masked: 1002 "done"');
  });

  test('can be negated', async () => {
    await expect(fault.functions).not.toMatchSystem(fault.scenario, { reference });
  });

  test('passes for a known difference', async () => {
    const rows = [
      {
        scenario: fault.scenario,
        provider: 'received',
        reason: 'it says 1002',
        steps: ['WebSocketGetAction', 'WebSocketCompleteAction', 'WebSocketSend'],
      },
    ];
    await expect(fault.functions).toMatchSystem(fault.scenario, { reference, knownDifferences: rows });
  });

  test('fails for a known difference that no longer exists', async () => {
    const rows = [{ scenario: 'text-empty', provider: 'received', reason: 'it was empty', steps: ['WebSocketSend'] }];
    await expect(portable).not.toMatchSystem('text-empty', { reference, knownDifferences: rows });
  });

  test('throws a TypeError for an unknown scenario', async () => {
    await expect(expect('portable').toMatchSystem('no-such', { reference })).rejects.toThrow(
      'the id of one of builtInScenarios. Received "no-such"',
    );
  });

  test.runIf(!system.available)('reports why the system is not available, also if negated', async () => {
    const why = `close-by-client cannot be compared with system: ${system.reason}`;
    await expect(expect('portable').toMatchSystem('close-by-client')).rejects.toThrow(why);
    await expect(expect('portable').not.toMatchSystem('close-by-client')).rejects.toThrow(why);
  });

  test.each([[[]], [null], [5], [{}]])('rejects %j as a scenario', async (scenario) => {
    await expect(assertParity('portable', scenario as never, { reference })).rejects.toMatchObject({
      name: 'TypeError',
      code: expect.stringMatching(/^ERR_INVALID_/),
    });
  });

  test.runIf(system.available)('compares with the system by default', async () => {
    await expect('system').toMatchSystem('close-by-client');
  });
});

describe('assertParity', () => {
  test('passes, or throws an AssertionError with the differences', async () => {
    await assertParity('portable', 'close-by-client', { reference });
    const failure = await assertParity(fault.functions, fault.scenario, { reference }).catch((error: Error) => error);
    expect(failure).toBeInstanceOf(AssertionError);
    expect((failure as Error).message).toContain('✗ close-by-client');
  });

  test('throws a TypeError for an invalid subject', async () => {
    for (const subject of [{}, { websocket: undefined }, () => {}]) {
      await expect(assertParity(subject, 'close-by-client', { reference })).rejects.toThrow(TypeError);
    }
    await expect(assertParity(undefined as never, 'close-by-client', { reference })).rejects.toThrow(TypeError);
  });
});
