import { describe, expect, test } from 'vitest';
import { defineTests } from './suite.ts';
import { StatementContext } from './websocket/context.ts';
import { assertNoGrowth } from './websocket/growth.ts';
import { lanes } from './websocket/registry.ts';

// In a process of its own: what other tests have freed would hide a leak.
defineTests((_, { measuresMemory }) => measuresMemory);

// Last, so that it has all of their freed memory against it.
describe.each(lanes)('the measure of memory (client $client, server $server)', (lane) => {
  test('finds handles that are not deleted', async () => {
    const context = new StatementContext(lane);
    try {
      await expect(assertNoGrowth(2_000, () => context.create('server'))).rejects.toThrow(/bytes behind/);
    } finally {
      context.dispose();
    }
  });
});
