/** Parity as an assertion: a matcher for vitest and jest, a function for node:test and others. */
import { AssertionError } from 'node:assert/strict';
import { invalidArgumentValue } from '../errors.ts';
import { validateObject } from '../options.ts';
import type { KnownDifference } from './known-differences.ts';
import { renderText } from './render-text.ts';
import { compareSubjects, type ParityReport } from './report.ts';
import { type ScenarioLike, scenariosOf } from './scenario-choice.ts';
import { type SubjectLike, subjectOf } from './subject.ts';

/** Options of an assertion. */
export interface ParityOptions {
  /** The reference; default `system`. */
  readonly reference?: SubjectLike;
  /** Differences that do not fail the assertion. */
  readonly knownDifferences?: readonly KnownDifference[];
}

/** The matchers added by `expect.extend(parityMatchers)`. For types see docs/parity.md. */
export interface ParityMatchers<Result = Promise<void>> {
  /** Passes if the subject behaves in the scenario as the system does, or as `reference`. Await the result. */
  toMatchSystem(scenario: ScenarioLike, options?: ParityOptions): Result;
}

const PARITY_OPTIONS = {
  names: ['reference', 'knownDifferences'],
  instead: { left: 'reference', known: 'knownDifferences' },
};

interface Comparison {
  readonly pass: boolean;
  /** Whether every scenario was run with both. */
  readonly isApplicable: boolean;
  readonly message: string;
}

async function compared(like: SubjectLike, scenario: ScenarioLike, options: ParityOptions): Promise<Comparison> {
  validateObject(options, 'options', PARITY_OPTIONS);
  const scenarios = scenariosOf(scenario);
  // An empty list would always pass.
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
    /** Returns the message of a failure. */
    message: () => string;
  }> {
    const { pass, isApplicable, message } = await compared(received, scenario, options);
    // If the reference is not available, a negated assertion fails too.
    const isNegated = (this as { isNot?: boolean } | undefined)?.isNot === true;
    return { pass: isApplicable ? pass : isNegated, message: () => message };
  },
};

/**
 * Throws unless the subject behaves in the scenarios as the reference does.
 *
 * @throws {AssertionError} with the differences, or with the reason why the reference is not available.
 */
export async function assertParity(
  subject: SubjectLike,
  scenario: ScenarioLike,
  options: ParityOptions = {},
): Promise<void> {
  const { pass, message } = await compared(subject, scenario, options);
  if (!pass) throw new AssertionError({ message, operator: 'assertParity' });
}
