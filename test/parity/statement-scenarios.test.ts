// Every statement that is a script of calls gives the same trace whenever the same subject plays it.
import { describe, expect, test } from 'vitest';
import { compareSubjects, subjectOf } from '../../lib/parity/index.ts';
import { websocketScenarios, winhttpScenarios } from './statement-scenarios.ts';

const portable = subjectOf('portable');

test('hundreds of statements are scenarios', () => {
  expect(websocketScenarios.length).toBeGreaterThan(200);
  expect(winhttpScenarios.length).toBeGreaterThan(180);
});

describe.each([...websocketScenarios, ...winhttpScenarios])('$id', (scenario) => {
  test('the portable engine is equal to itself', async () => {
    const { results } = await compareSubjects({ left: portable, right: portable, scenarios: [scenario] });
    const differing = results.flatMap(({ steps }) => steps.filter(({ differences }) => differences.length > 0));
    expect(differing).toEqual([]);
    expect(results[0]?.steps.length).toBeGreaterThan(1);
    expect(results[0]?.steps.at(-1)?.left?.outcome).toEqual({ status: 'returned' });
  });
});
