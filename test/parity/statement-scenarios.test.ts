// Every scripted statement gives the same trace for the same subject. A stand-in as the system must equal the engine
// that it contains; results of Wine and Microsoft are only reported on demand (`npm run parity -- --statements`),
// because the conformance suite checks them.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { compareScenario, reportOf } from '../../lib/parity/report.ts';
import { renderHtml, renderJson, type ScenarioResult, subjectOf } from '../../lib/parity.ts';
import { statementDifferences } from './statement-differences.ts';
import { websocketScenarios, winhttpScenarios } from './statement-scenarios.ts';

const portable = subjectOf('portable');
const system = subjectOf('system');
const folder = fileURLToPath(new URL('../../build/parity', import.meta.url));
const onDemand = process.env.WINWIRE_PARITY_STATEMENTS === '1';
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
  test('the portable engine equals itself', async () => {
    const { steps } = await compareScenario(scenario, portable, portable, []);
    expect(steps.filter(({ differences }) => differences.length > 0)).toEqual([]);
    expect(steps.length).toBeGreaterThan(1);
    expect(steps.at(-1)?.left?.outcome).toEqual({ status: 'returned' });
  });

  const { provider } = system.providers[scenario.component];
  if (provider !== 'stand-in' && !(onDemand && system.providers[scenario.component].unavailable === undefined)) return;
  test('the portable engine is compared with the system', async () => {
    const result = await compareScenario(scenario, system, portable, statementDifferences);
    results.push(result);
    if (provider === 'stand-in') expect(result).toMatchObject({ verdict: 'equal' });
  });
});
