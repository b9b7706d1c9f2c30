/** Scenarios, chosen by id or passed as objects. */
import { invalidArgumentType, invalidArgumentValue } from '../errors.ts';
import type { Scenario } from './scenario.ts';
import { builtInScenarios } from './scenarios/built-in.ts';

/** Scenarios, or ids of scenarios of the package; one or several. */
export type ScenarioLike = Scenario | string | readonly (Scenario | string)[];

/**
 * Returns the scenarios.
 *
 * @throws {TypeError} for other values and unknown ids.
 */
export function scenariosOf(like: ScenarioLike): Scenario[] {
  const list: readonly (Scenario | string)[] = Array.isArray(like) ? like : [like as Scenario | string];
  return list.map((one) => {
    if (typeof one !== 'string') {
      if (typeof one?.run === 'function') return one;
      throw invalidArgumentType('scenario', 'a scenario or the id of one', one);
    }
    const found = builtInScenarios.find(({ id }) => id === one);
    if (found === undefined) throw invalidArgumentValue('scenario', 'the id of one of builtInScenarios', one);
    return found;
  });
}
