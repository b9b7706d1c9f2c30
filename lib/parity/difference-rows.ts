/** Known differences as rows of a file: writes those of a comparison, and checks given ones. */
import type { StepPair } from './compare.ts';
import type { KnownDifference } from './known-differences.ts';
import type { ScenarioResult } from './report.ts';
import { fieldText } from './value-text.ts';

const nameOf = ({ left, right }: StepPair): string => (left ?? right)?.name ?? '';

/**
 * Returns rows for the differences of a comparison, value by value, so that the next comparison reports only new ones.
 *
 * @param provider the subject that differs from the reference
 */
export function differencesOf(results: readonly ScenarioResult[], provider: string, reason: string): KnownDifference[] {
  return results.flatMap(({ id, verdict, steps }) => {
    if (verdict !== 'different' && verdict !== 'known difference') return [];
    const byStep = new Map<string, Set<string>>();
    for (const pair of steps) {
      if (pair.differences.length === 0) continue;
      const values = byStep.get(nameOf(pair)) ?? new Set();
      byStep.set(nameOf(pair), values);
      for (const one of pair.differences) values.add(fieldText(one));
    }
    return [...byStep].map(([step, values]) => ({
      scenario: id,
      provider,
      reason,
      steps: [step],
      values: [...values],
    }));
  });
}

/** Returns the errors of rows: unknown scenarios and steps. */
export function faultsOf(
  rows: readonly KnownDifference[],
  results: readonly ScenarioResult[],
  scenarios: readonly { readonly id: string }[],
): string[] {
  return rows.flatMap(({ scenario, steps }) => {
    if (scenario !== '*' && !scenarios.some(({ id }) => id === scenario)) {
      return [`there is no scenario ${JSON.stringify(scenario)}; winwire parity --list names them`];
    }
    const played = results.filter((result) => (result.id === scenario || scenario === '*') && result.steps.length > 0);
    if (played.length === 0) return [];
    const names = new Set(
      played.flatMap((result) => result.steps.flatMap((pair) => [pair.left?.name, pair.right?.name])),
    );
    const known = [...names].filter((name) => name !== undefined);
    return steps
      .filter((step) => step !== '*' && !names.has(step))
      .map((step) => `scenario ${scenario} has no step ${JSON.stringify(step)}. Its steps: ${known.join(', ')}, or *`);
  });
}
