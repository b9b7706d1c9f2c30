/** Parity as an assertion: for vitest and jest a matcher, for node:test and everything else a function. */
import { AssertionError } from 'node:assert/strict';
import { invalidArgumentType, invalidArgumentValue } from '../errors.ts';
import type { KnownDifference } from './known-differences.ts';
import { renderText } from './render-text.ts';
import { compareSubjects, type ParityReport } from './report.ts';
import type { Scenario } from './scenario.ts';
import { builtInScenarios } from './scenarios/built-in.ts';
import { type SubjectLike, subjectOf } from './subject.ts';

/** What an assertion is told. */
export interface ParityOptions {
  /** Whose behaviour is asked for; `system` if not told. */
  readonly reference?: SubjectLike;
  /** Differences that are no failure. */
  readonly knownDifferences?: readonly KnownDifference[];
}

/** A scenario, several, or ids of scenarios of the package. */
export type ScenarioLike = Scenario | string | readonly (Scenario | string)[];

/** What `expect.extend(parityMatchers)` adds. For types see docs/parity.md. */
export interface ParityMatchers<Result = Promise<void>> {
  /** The subject does in the scenario what the system does, or what `reference` does. To be awaited. */
  toMatchSystem(scenario: ScenarioLike, options?: ParityOptions): Result;
}

/**
 * The scenarios that are meant.
 *
 * @throws {TypeError} for what is none, and for an id that no scenario of the package has.
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

interface Comparison {
  readonly pass: boolean;
  /** Whether every scenario could be played with both. */
  readonly isApplicable: boolean;
  readonly message: string;
}

async function compared(like: SubjectLike, scenario: ScenarioLike, options: ParityOptions): Promise<Comparison> {
  const scenarios = scenariosOf(scenario);
  // Nothing is equal to nothing, which proves nothing.
  if (scenarios.length === 0) throw invalidArgumentValue('scenario', 'at least one', scenario);
  const reference = subjectOf(options.reference ?? 'system');
  const report = await compareSubjects({
    left: reference,
    right: subjectOf(like, 'received'),
    scenarios,
    ...(options.knownDifferences === undefined ? {} : { knownDifferences: options.knownDifferences }),
  });
  const failed = report.results.filter(({ verdict }) => verdict === 'different' || verdict === 'not applicable');
  const isApplicable = report.results.every(({ verdict }) => verdict !== 'not applicable');
  return { pass: failed.length === 0, isApplicable, message: messageOf(report, reference.name) };
}

function messageOf(report: ParityReport, reference: string): string {
  const asked = report.results.find(({ verdict }) => verdict === 'not applicable');
  const missing = asked === undefined ? '' : `${asked.id} cannot be compared with ${reference}: ${asked.reason}\n`;
  return `${missing}${renderText(report)}`;
}

/** For `expect.extend`, in vitest and jest: `await expect(subject).toMatchSystem('close-by-client')`. */
export const parityMatchers = {
  /** See {@link ParityMatchers.toMatchSystem}. */
  async toMatchSystem(
    this: unknown,
    received: SubjectLike,
    scenario: ScenarioLike,
    options: ParityOptions = {},
  ): Promise<{
    pass: boolean;
    /** What is printed of a failure. */
    message: () => string;
  }> {
    const { pass, isApplicable, message } = await compared(received, scenario, options);
    // Who cannot be asked is not shown to differ either.
    const isNegated = (this as { isNot?: boolean } | undefined)?.isNot === true;
    return { pass: isApplicable ? pass : isNegated, message: () => message };
  },
};

/**
 * Fails unless the subject does in the scenarios what the reference does.
 *
 * @throws {AssertionError} with the differences, or with the reason why the reference cannot be asked.
 */
export async function assertParity(
  subject: SubjectLike,
  scenario: ScenarioLike,
  options: ParityOptions = {},
): Promise<void> {
  const { pass, message } = await compared(subject, scenario, options);
  if (!pass) throw new AssertionError({ message, operator: 'assertParity' });
}
