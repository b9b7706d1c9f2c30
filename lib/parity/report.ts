/** Compares two subjects in scenarios. */

import { validateObject } from '../options.ts';
import { VERSION } from '../version.ts';
import { compareTraces, type StepPair } from './compare.ts';
import { explains, type KnownDifference, rowsFor } from './known-differences.ts';
import { runScenario } from './run-scenario.ts';
import { BYPASS_GROUP, type Scenario } from './scenario.ts';
import { type ScenarioLike, scenariosOf } from './scenario-choice.ts';
import {
  COMPONENT_NAMES,
  type Component,
  type Provider,
  type Subject,
  type SubjectLike,
  subjectOf,
} from './subject.ts';
import type { Trace } from './trace.ts';
import { TIMEOUT_CODE } from './waiting.ts';
import { wineDifferences } from './wine-differences.ts';

/** The result of a scenario. */
export type ScenarioVerdict = 'equal' | 'known difference' | 'different' | 'not applicable';

/** The verdicts in order of importance. */
export const VERDICTS: readonly ScenarioVerdict[] = ['different', 'known difference', 'equal', 'not applicable'];

/** The result of one scenario with both subjects. */
export interface ScenarioResult {
  readonly id: string;
  readonly title: string;
  readonly group: string;
  readonly component: Component;
  readonly verdict: ScenarioVerdict;
  /** Why it is not applicable, or the known difference. */
  readonly reason?: string;
  /** The steps side by side. */
  readonly steps: readonly StepPair[];
  /** The index of the most important step: the first unexplained difference, else the first one. */
  readonly first?: number;
}

/** A compared subject. */
export interface ReportSubject {
  readonly name: string;
  readonly providers: Readonly<Record<Component, Provider>>;
}

/** The results of a comparison. */
export interface ParityReport {
  readonly left: ReportSubject;
  readonly right: ReportSubject;
  readonly platform: string;
  readonly node: string;
  readonly winwire: string;
  /** Notes that are needed to interpret the results. */
  readonly notes: readonly string[];
  readonly results: readonly ScenarioResult[];
}

const COMPARE_OPTIONS = {
  names: ['left', 'right', 'scenarios', 'knownDifferences', 'timeLimit', 'onResult'],
  instead: { reference: 'left', subject: 'right', known: 'knownDifferences', timeout: 'timeLimit' },
};

/** Options of {@link compareSubjects}. */
export interface CompareOptions {
  /** The reference; default `system`. */
  readonly left?: SubjectLike;
  readonly right: SubjectLike;
  /** Scenarios, or ids of scenarios of the package. */
  readonly scenarios: ScenarioLike;
  /** Known differences beside those of the package. */
  readonly knownDifferences?: readonly KnownDifference[];
  /** Time limit in milliseconds for a script with one subject; default 25,000. A longer one counts as different. */
  readonly timeLimit?: number;
  /** Called with each result. */
  readonly onResult?: (result: ScenarioResult) => void;
}

/**
 * Compares two subjects, one scenario at a time.
 *
 * @throws {TypeError} ERR_INVALID_ARG_TYPE or ERR_INVALID_ARG_VALUE for invalid options and unknown scenarios.
 */
export async function compareSubjects(options: CompareOptions): Promise<ParityReport> {
  validateObject(options, 'options', COMPARE_OPTIONS);
  const left = subjectOf(options.left ?? 'system');
  const right = subjectOf(options.right);
  const known = [...wineDifferences, ...(options.knownDifferences ?? [])];
  const results: ScenarioResult[] = [];
  for (const scenario of scenariosOf(options.scenarios)) {
    const result = await compareScenario(scenario, left, right, known, options.timeLimit);
    results.push(result);
    options.onResult?.(result);
  }
  return reportOf(left, right, results);
}

/** Returns a report of separate results. */
export function reportOf(left: Subject, right: Subject, results: readonly ScenarioResult[]): ParityReport {
  return {
    left: { name: left.name, providers: left.providers },
    right: { name: right.name, providers: right.providers },
    platform: `${process.platform}-${process.arch}`,
    node: process.version,
    winwire: VERSION,
    notes: notesOn(left, right, results),
    results,
  };
}

/** Compares two subjects in one scenario. */
export async function compareScenario(
  scenario: Scenario,
  left: Subject,
  right: Subject,
  known: readonly KnownDifference[] = wineDifferences,
  timeLimit?: number,
): Promise<ScenarioResult> {
  const { id, title, group, component } = scenario;
  const texts = { id, title, group, component };
  const missing = [left, right]
    .map(({ providers }) => providers[component].unavailable)
    .find((why) => why !== undefined);
  if (missing !== undefined) return { ...texts, verdict: 'not applicable', reason: missing, steps: [] };
  const [a, b] = [await runScenario(scenario, left, timeLimit), await runScenario(scenario, right, timeLimit)];
  const steps = compareTraces(a, b);
  const lacking = [a, b].find(({ notOffered }) => notOffered !== undefined);
  if (lacking !== undefined) {
    const reason = `${lacking.subject} offers no ${lacking.notOffered}`;
    return { ...texts, verdict: 'not applicable', reason, steps };
  }
  const stuck = [a, b].filter(isStuck);
  if (stuck.length > 0) {
    const reason = `the script did not end in time with ${stuck.map(({ subject }) => subject).join(' and ')}`;
    return { ...texts, steps, verdict: 'different', reason, first: steps.length - 1 };
  }
  return { ...texts, steps, ...judge(steps, rowsFor(known, scenario, left, right)) };
}

function isStuck({ steps }: Trace): boolean {
  const outcome = steps.at(-1)?.outcome;
  return outcome?.status === 'failed' && outcome.code === TIMEOUT_CODE;
}

function judge(steps: readonly StepPair[], rows: readonly KnownDifference[]) {
  const differing = steps.flatMap(({ differences }, index) => (differences.length > 0 ? [index] : []));
  const unexplained = differing.find((index) => !rows.some((row) => explains(row, steps[index] as StepPair)));
  if (unexplained !== undefined) return { verdict: 'different', first: unexplained } as const;
  const seen = rows.filter((row) => differing.some((index) => explains(row, steps[index] as StepPair)));
  const gone = rows.filter((row) => row.scenario !== '*' && !seen.includes(row));
  // Fails rather than leave a wrong row unnoticed.
  if (gone.length > 0)
    return { verdict: 'different', reason: `a known difference is gone: ${reasonsOf(gone)}` } as const;
  if (differing.length === 0) return { verdict: 'equal' } as const;
  return { verdict: 'known difference', reason: reasonsOf(seen), first: differing[0] as number } as const;
}

const reasonsOf = (rows: readonly KnownDifference[]) => rows.map((row) => row.reason).join('; ');

function notesOn(left: Subject, right: Subject, results: readonly ScenarioResult[]): string[] {
  const notes: string[] = [];
  for (const component of ['websocket', 'winhttp', 'proxy'] as const) {
    if (!results.some((result) => result.component === component)) continue;
    const name = COMPONENT_NAMES[component];
    const providers = [left, right].map((subject) => subject.providers[component]);
    const missing = [left, right].find((subject) => subject.providers[component].unavailable !== undefined);
    if (missing !== undefined) {
      notes.push(`${name}: ${missing.name} cannot be asked: ${missing.providers[component].unavailable}`);
    } else if (providers.some(isStandIn) && providers.every((one) => isStandIn(one) || one.provider === 'portable')) {
      notes.push(
        `${name}: the stand-in is the portable engine built as a websocket.dll, so this compares the engine with itself.`,
      );
    } else if (providers.some((one) => one.provider === 'Wine')) {
      notes.push(`${name}: what answers as system is Wine's own, not Microsoft's.`);
    }
  }
  const isBuiltIn = ({ name }: Subject) => name === 'system' || name === 'portable';
  if ([left, right].every(isBuiltIn) && results.some(({ group }) => group === BYPASS_GROUP)) {
    notes.push('resolveProxy: both backends match bypass lists by the same code of this package.');
  }
  return notes;
}

const isStandIn = ({ provider }: Provider) => provider === 'stand-in';

/** Returns the number of scenarios with each verdict. */
export function countsOf({ results }: ParityReport): Record<ScenarioVerdict, number> {
  const counts: Record<ScenarioVerdict, number> = {
    different: 0,
    'known difference': 0,
    equal: 0,
    'not applicable': 0,
  };
  for (const { verdict } of results) counts[verdict] += 1;
  return counts;
}

/** Returns a verdict in words, for a number of scenarios. */
export const verdictText = (verdict: ScenarioVerdict, count: number): string =>
  verdict === 'known difference' && count !== 1 ? 'known differences' : verdict;
