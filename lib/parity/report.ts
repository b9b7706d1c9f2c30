/** Puts two subjects through scenarios and says how they compare. */

import { VERSION } from '../version.ts';
import { compareTraces, type StepPair } from './compare.ts';
import { explains, type KnownDifference, rowsFor } from './known-differences.ts';
import { runScenario } from './run-scenario.ts';
import type { Scenario } from './scenario.ts';
import { type Component, type Provider, type Subject, type SubjectLike, subjectOf } from './subject.ts';
import type { Trace } from './trace.ts';
import { TIMEOUT_CODE } from './waiting.ts';
import { wineDifferences } from './wine-differences.ts';

/** How a scenario ended. */
export type Verdict = 'equal' | 'known difference' | 'different' | 'not applicable';

/** The verdicts, those first that a reader has to look at. */
export const VERDICTS: readonly Verdict[] = ['different', 'known difference', 'equal', 'not applicable'];

/** One scenario, played by both. */
export interface ScenarioResult {
  readonly id: string;
  readonly title: string;
  readonly group: string;
  readonly component: Component;
  readonly verdict: Verdict;
  /** Why it is not applicable, or what is known. */
  readonly reason?: string;
  /** The steps side by side. */
  readonly steps: readonly StepPair[];
  /** The index of the first step to look at: the first difference that nothing explains, else the first. */
  readonly first?: number;
}

/** Who was compared. */
export interface ReportSubject {
  readonly name: string;
  readonly providers: Readonly<Record<Component, Provider>>;
}

/** All scenarios of a comparison. */
export interface ParityReport {
  readonly left: ReportSubject;
  readonly right: ReportSubject;
  readonly platform: string;
  readonly node: string;
  readonly winwire: string;
  /** What a reader must know to judge the results. */
  readonly notes: readonly string[];
  readonly results: readonly ScenarioResult[];
}

/** What {@link compareSubjects} is told. */
export interface CompareOptions {
  /** Whose behaviour is the reference; `system` if not told. */
  readonly left?: SubjectLike;
  readonly right: SubjectLike;
  readonly scenarios: readonly Scenario[];
  /** Besides those that the package knows. */
  readonly knownDifferences?: readonly KnownDifference[];
  /** Milliseconds for a script with one subject; 25,000 without it. A script that takes longer is a difference. */
  readonly timeLimit?: number;
  /** Hears of each result as it comes. */
  readonly onResult?: (result: ScenarioResult) => void;
}

/** Compares two subjects, scenario by scenario, one after the other. */
export async function compareSubjects(options: CompareOptions): Promise<ParityReport> {
  const left = subjectOf(options.left ?? 'system');
  const right = subjectOf(options.right);
  const known = [...wineDifferences, ...(options.knownDifferences ?? [])];
  const results: ScenarioResult[] = [];
  for (const scenario of options.scenarios) {
    const result = await compareScenario(scenario, left, right, known, options.timeLimit);
    results.push(result);
    options.onResult?.(result);
  }
  return reportOf(left, right, results);
}

/** Results that were gathered one by one, as a report. */
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

/** One scenario with both subjects. */
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
  // Rather a failure than a row that nobody notices to be wrong.
  if (gone.length > 0)
    return { verdict: 'different', reason: `a known difference is gone: ${reasonsOf(gone)}` } as const;
  if (differing.length === 0) return { verdict: 'equal' } as const;
  return { verdict: 'known difference', reason: reasonsOf(seen), first: differing[0] as number } as const;
}

const reasonsOf = (rows: readonly KnownDifference[]) => rows.map((row) => row.reason).join('; ');

function notesOn(left: Subject, right: Subject, results: readonly ScenarioResult[]): string[] {
  const notes: string[] = [];
  for (const component of ['websocket', 'winhttp'] as const) {
    if (!results.some((result) => result.component === component)) continue;
    const name = component === 'websocket' ? 'WebSocket' : 'WinHttpRequest';
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
  return notes;
}

const isStandIn = ({ provider }: Provider) => provider === 'stand-in';

/** How many scenarios ended which way. */
export function countsOf({ results }: ParityReport): Record<Verdict, number> {
  const counts: Record<Verdict, number> = { different: 0, 'known difference': 0, equal: 0, 'not applicable': 0 };
  for (const { verdict } of results) counts[verdict] += 1;
  return counts;
}
