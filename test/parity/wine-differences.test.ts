import { expect, test } from 'vitest';
import { compareScenario } from '../../lib/parity/report.ts';
import { subjectOf } from '../../lib/parity/subject.ts';
import { wineDifferences } from '../../lib/parity/wine-differences.ts';
import { builtInScenarios } from '../../lib/parity.ts';

const portable = subjectOf('portable');

test('each names a scenario of the package, and steps of its trace', async () => {
  for (const { scenario: id, steps } of wineDifferences.filter(({ scenario }) => scenario !== '*')) {
    const scenario = builtInScenarios.find((one) => one.id === id);
    expect(scenario, id).toBeDefined();
    const trace = await compareScenario(scenario as NonNullable<typeof scenario>, portable, portable, []);
    const names = new Set(trace.steps.map(({ left }) => left?.name));
    expect([id, steps.some((step) => step === '*' || names.has(step))]).toEqual([id, true]);
  }
});

test('none applies if neither or both subjects are Wine', async () => {
  const wine = {
    ...portable,
    name: 'wine',
    providers: { ...portable.providers, winhttp: { provider: 'Wine' } },
  };
  const scenario = builtInScenarios.find(({ id }) => id === 'timeout-values') as (typeof builtInScenarios)[number];
  expect((await compareScenario(scenario, portable, portable)).verdict).toBe('equal');
  expect((await compareScenario(scenario, wine, wine)).verdict).toBe('equal');
  // An engine that claims to be Wine's without its differences: the outdated row is reported.
  expect(await compareScenario(scenario, wine, portable)).toMatchObject({
    verdict: 'different',
    reason: 'a known difference is gone: Wine 8.0: SetTimeouts takes every negative number',
  });
});
