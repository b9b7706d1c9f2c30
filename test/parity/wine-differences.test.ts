import { expect, test } from 'vitest';
import { compareScenario } from '../../lib/parity/report.ts';
import { subjectOf } from '../../lib/parity/subject.ts';
import { wineDifferences } from '../../lib/parity/wine-differences.ts';
import { builtInScenarios } from '../../lib/parity.ts';

const portable = subjectOf('portable');

test("each names a scenario of the package, and steps that are in its script's trace", async () => {
  for (const { scenario: id, steps } of wineDifferences.filter(({ scenario }) => scenario !== '*')) {
    const scenario = builtInScenarios.find((one) => one.id === id);
    expect(scenario, id).toBeDefined();
    const trace = await compareScenario(scenario as NonNullable<typeof scenario>, portable, portable, []);
    const names = new Set(trace.steps.map(({ left }) => left?.name));
    expect([id, steps.some((step) => step === '*' || names.has(step))]).toEqual([id, true]);
  }
});

test('none holds where nobody is Wine, or both are', async () => {
  const wine = {
    ...portable,
    name: 'wine',
    providers: { ...portable.providers, winhttp: { provider: 'Wine' } },
  };
  const scenario = builtInScenarios.find(({ id }) => id === 'timeout-values') as (typeof builtInScenarios)[number];
  expect((await compareScenario(scenario, portable, portable)).verdict).toBe('equal');
  expect((await compareScenario(scenario, wine, wine)).verdict).toBe('equal');
  // An engine that says it is Wine's and does not do what Wine does: the row is out of date, and that is told.
  expect(await compareScenario(scenario, wine, portable)).toMatchObject({
    verdict: 'different',
    reason: 'a known difference is gone: Wine 8.0: SetTimeouts takes every negative number',
  });
});
