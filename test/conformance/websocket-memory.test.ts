import { describe, expect, test } from 'vitest';
import { defineTests } from './suite.ts';
import { StatementContext } from './websocket/context.ts';
import { assertNoGrowth } from './websocket/growth.ts';
import { lanes } from './websocket/registry.ts';

// Runs in a separate process: memory freed by other tests would hide a leak.
defineTests((_, { measuresMemory }) => measuresMemory);

// Last and once: memory freed by the other tests hides part of its leak, and it leaks much.
describe('the measure of memory', () => {
  test('finds handles that are not deleted', async () => {
    const contexts = lanes.map((lane) => new StatementContext(lane));
    const leak = () => {
      for (const context of contexts) context.create('server');
    };
    try {
      await expect(assertNoGrowth(2_000, leak)).rejects.toThrow(/bytes behind/);
    } finally {
      for (const context of contexts) context.dispose();
    }
  });
});
