// The scenarios of the package: each gives the same trace every time, on every available backend.
import { describe, expect, test } from 'vitest';
import { compareScenario } from '../../../lib/parity/report.ts';
import { runScenario } from '../../../lib/parity/run-scenario.ts';
import { builtInScenarios } from '../../../lib/parity/scenarios/built-in.ts';
import { subjectOf } from '../../../lib/parity/subject.ts';

const portable = subjectOf('portable');

test('their ids are unique and fit a command line', () => {
  const ids = builtInScenarios.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^([a-z0-9]+|PF)([-.][A-Za-z0-9]+)*$/);
});

// test/conformance/proxy.test.ts plays those for proxies.
describe.each(builtInScenarios.filter(({ component }) => component !== 'proxy'))('$id: $title', (scenario) => {
  test('the portable engine equals itself', async () => {
    const result = await compareScenario(scenario, portable, portable, []);
    expect(result.steps.flatMap(({ differences }) => differences)).toEqual([]);
    expect(result.verdict).toBe('equal');
  });

  test('its script ends, and makes calls', async () => {
    const { steps } = await runScenario(scenario, portable);
    expect(steps.at(-1)).toMatchObject({ name: 'end', outcome: { status: 'returned' } });
    expect(steps.length).toBeGreaterThan(2);
  });
});
