// The statements PF-nnn: what scripts and bypass lists decide on the portable backend. They are scenarios of winwire/parity.
import { describe, expect, it } from 'vitest';
import { runScenario } from '../../lib/parity/run-scenario.ts';
import type { ProxyScenario } from '../../lib/parity/scenario.ts';
import { bypassScenarios, pacScenarios, pacStatements, STATIC_PROXY } from '../../lib/parity/scenarios/proxy.ts';
import { bypassStatements } from '../../lib/parity/scenarios/proxy-bypass-lists.ts';
import { subjectOf } from '../../lib/parity/subject.ts';
import type { ProxyResolution } from '../../lib/proxy/types.ts';

const portable = subjectOf('portable');

/** Returns the URL, the answer and the number of warnings of each look-up. */
async function answersOf(
  scenario: ProxyScenario,
): Promise<(readonly [url: unknown, answer: string, warnings: number])[]> {
  const warnings: number[] = [];
  const resolveProxy: typeof portable.resolveProxy = async (...args) => {
    const index = warnings.push(0) - 1;
    const resolution = (await portable.resolveProxy?.(...args)) as ProxyResolution;
    warnings[index] = resolution.warnings.length;
    return resolution;
  };
  const { steps } = await runScenario(scenario, { ...portable, resolveProxy });
  return steps
    .filter(({ name }) => name === 'resolveProxy')
    .map(({ args, outcome }, index) => {
      const answer =
        outcome.status === 'failed' ? outcome.code : outcome.status === 'returned' ? outcome.value : 'none';
      return [args.url, Array.isArray(answer) ? answer.join('; ') : String(answer), warnings[index] as number];
    });
}

describe('a script', () => {
  it.each(pacScenarios.map((scenario) => [scenario.id, scenario.title, scenario] as const))(
    '%s %s',
    async (id, _title, scenario) => {
      const { expect: expected = [], warnings = 0 } = pacStatements[id] ?? {};
      expect(expected).not.toEqual([]);
      expect(await answersOf(scenario)).toEqual(expected.map(([url, answer]) => [url, answer, warnings]));
    },
  );
});

describe('a bypass list', () => {
  it.each(bypassStatements.map((statement, index) => [...statement, bypassScenarios[index] as ProxyScenario] as const))(
    '%s %j takes %s off the proxy: %s',
    async (id, _list, url, isBypassed, scenario) => {
      expect(scenario.id).toBe(id);
      expect(await answersOf(scenario)).toEqual([[url, isBypassed ? 'DIRECT' : STATIC_PROXY, 0]]);
    },
  );
});
