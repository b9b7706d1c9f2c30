// Every statement that is a script of calls gives the same trace whenever the same subject plays it, and where there is a
// system besides the portable engine, the two are compared: by this page, statement by statement, and not only by what the
// statement says.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { renderHtml, renderJson, type ScenarioResult, subjectOf } from '../../lib/parity/index.ts';
import { compareScenario, reportOf } from '../../lib/parity/report.ts';
import { statementDifferences } from './statement-differences.ts';
import { websocketScenarios, winhttpScenarios } from './statement-scenarios.ts';

const portable = subjectOf('portable');
const system = subjectOf('system');
const folder = fileURLToPath(new URL('../../build/parity', import.meta.url));
const results: ScenarioResult[] = [];

afterAll(() => {
  if (results.length === 0) return;
  const report = reportOf(system, portable, results);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'statements.html'), renderHtml(report));
  writeFileSync(join(folder, 'statements.json'), renderJson(report));
});

test('hundreds of statements are scenarios', () => {
  expect(websocketScenarios.length).toBeGreaterThan(200);
  expect(winhttpScenarios.length).toBeGreaterThan(180);
});

describe.each([...websocketScenarios, ...winhttpScenarios])('$id', (scenario) => {
  test('the portable engine is equal to itself', async () => {
    const { steps } = await compareScenario(scenario, portable, portable, []);
    expect(steps.filter(({ differences }) => differences.length > 0)).toEqual([]);
    expect(steps.length).toBeGreaterThan(1);
    expect(steps.at(-1)?.left?.outcome).toEqual({ status: 'returned' });
  });

  const { provider, unavailable } = system.providers[scenario.component];
  if (unavailable !== undefined) return;
  test('the portable engine is compared with the system', async () => {
    const result = await compareScenario(scenario, system, portable, statementDifferences);
    results.push(result);
    // Of Microsoft's the page is read; the gates of the conformance suite judge.
    if (provider !== 'Microsoft')
      expect(result).toMatchObject({ verdict: expect.stringMatching(/^(equal|known difference)$/) });
  });
});
