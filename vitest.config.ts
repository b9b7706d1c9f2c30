import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    // Tests of finalizers call the collector themselves.
    execArgv: ['--expose-gc'],
    // Limits, not expectations: Wine on a shared machine is many times slower than a test needs.
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
