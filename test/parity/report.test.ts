import { describe, expect, test } from 'vitest';
import { compareSubjects, countsOf } from '../../lib/parity/report.ts';
import { builtInScenarios } from '../../lib/parity/scenarios/built-in.ts';
import { faults } from './faults.ts';

const websocket = builtInScenarios.filter(({ component }) => component === 'websocket');

describe.each(faults)('a fault: $what', ({ what, functions, scenario, step }) => {
  test('is found, and the first different step is marked', async () => {
    const report = await compareSubjects({
      left: 'portable',
      right: { name: what, websocket: functions },
      scenarios: websocket,
    });
    const result = report.results.find(({ id }) => id === scenario);
    expect(result).toMatchObject({ verdict: 'different' });
    const first = result?.steps[result.first as number];
    expect((first?.left ?? first?.right)?.name).toBe(step);
    expect(result?.steps.slice(0, result.first).every(({ differences }) => differences.length === 0)).toBe(true);
    // A single fault does not show in every scenario.
    expect(countsOf(report).equal).toBeGreaterThan(0);
  });
});
