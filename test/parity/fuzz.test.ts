import { describe, expect, test } from 'vitest';
import { fuzzSubjects } from '../../lib/parity.ts';
import { faults } from './faults.ts';

describe('random sequences of calls', () => {
  test('find no difference between the portable engine and itself, on both components', async () => {
    for (const component of ['websocket', 'winhttp'] as const) {
      const result = await fuzzSubjects({ left: 'portable', right: 'portable', component, runs: 60, seed: 20 });
      expect(result).toMatchObject({ verdict: 'equal', seed: 20 });
      expect(result.title).toBe('60 random sequences of calls, seed 20');
    }
  });

  test.each(['a close is sent with status 1002 in place of 1000', 'the masking key is zero'])(
    'find a fault, shrink it and can be repeated: %s',
    async (what) => {
      const fault = faults.find((one) => one.what === what) as (typeof faults)[number];
      const options = { left: 'portable', right: { name: 'faulty', websocket: fault.functions } } as const;
      const first = await fuzzSubjects({ ...options, component: 'websocket', runs: 1000, seed: 7 });
      expect(first.verdict).toBe('different');
      expect(first.reason).toMatch(/^found in sequence \d+, shrunk \d+ times; again with seed 7: \{"move":/);
      // A send (or a ping to be answered), and a move that writes it.
      const moves = first.reason?.match(/\{"move":/g) ?? [];
      expect(moves.length).toBeLessThanOrEqual(4);
      expect((first.steps[first.first as number]?.left ?? first.steps[first.first as number]?.right)?.name).toMatch(
        /^WebSocket/,
      );
      const second = await fuzzSubjects({ ...options, component: 'websocket', runs: 1000, seed: 7 });
      expect(second.reason).toBe(first.reason);
    },
  );

  test('are not applicable if a subject is not available', async () => {
    const right = { name: 'half', createRequest: () => ({}) as never };
    const result = await fuzzSubjects({ left: 'portable', right, component: 'websocket', runs: 5 });
    expect(result).toMatchObject({ verdict: 'not applicable', reason: 'half offers no function of websocket.h' });
  });
});

test.each([
  [{ component: 'nothing', runs: 1 }, 'component', 'ERR_INVALID_ARG_VALUE'],
  [{ component: 'websocket', runs: 0 }, 'runs', 'ERR_OUT_OF_RANGE'],
  [{ component: 'websocket', runs: 1.5 }, 'runs', 'ERR_OUT_OF_RANGE'],
  [{ component: 'winhttp', runs: '9' }, 'runs', 'ERR_INVALID_ARG_TYPE'],
])('reject %j', async (options, name, code) => {
  const result = fuzzSubjects({ left: 'portable', right: 'portable', ...options } as never);
  await expect(result).rejects.toMatchObject({
    code,
    message: expect.stringContaining(`"${name}"`),
  });
});
