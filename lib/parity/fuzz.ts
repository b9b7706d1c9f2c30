/** Random scenarios: drawn by fast-check, and shrunk to the fewest and smallest calls that still differ. */
import type * as FastCheck from 'fast-check';
import { argumentOutOfRange, invalidArgumentType, invalidArgumentValue } from '../errors.ts';
import { websocketMoves, websocketScript } from './fuzz-websocket.ts';
import { winhttpMoves, winhttpScript } from './fuzz-winhttp.ts';
import { compareScenario, type ScenarioResult } from './report.ts';
import type { Scenario } from './scenario.ts';
import { type Component, type SubjectLike, subjectOf } from './subject.ts';

/** What {@link fuzzSubjects} is told. */
export interface FuzzOptions {
  /** Whose behaviour is the reference; `system` if not told. */
  readonly left?: SubjectLike;
  readonly right: SubjectLike;
  readonly component: Component;
  /** How many sequences. */
  readonly runs: number;
  /** The same seed draws the same sequences; the time if not told. */
  readonly seed?: number;
}

/** What came of it, as one scenario: the smallest sequence that differs, if there is one. */
export interface FuzzResult extends ScenarioResult {
  readonly seed: number;
}

/**
 * Puts both subjects through random sequences of calls. Needs fast-check, which a user of the package installs.
 *
 * @throws {TypeError | RangeError} for a component or a number of runs that is none.
 * @throws {Error} ERR_FAST_CHECK_MISSING if fast-check cannot be imported.
 */
export async function fuzzSubjects(options: FuzzOptions): Promise<FuzzResult> {
  const { component, runs } = options;
  if (component !== 'websocket' && component !== 'winhttp') {
    throw invalidArgumentValue('component', "'websocket' or 'winhttp'", component);
  }
  if (typeof runs !== 'number') throw invalidArgumentType('runs', 'a number', runs);
  if (!(Number.isSafeInteger(runs) && runs >= 1)) throw argumentOutOfRange('runs', 'an integer from 1', runs);
  const fc = await loadFastCheck();
  const left = subjectOf(options.left ?? 'system');
  const right = subjectOf(options.right);
  const seed = (options.seed ?? Date.now()) | 0;
  const arbitrary: FastCheck.Arbitrary<readonly unknown[]> =
    options.component === 'websocket' ? websocketMoves(fc) : winhttpMoves(fc);
  const play = (moves: readonly unknown[]) => compareScenario(scenarioOf(options.component, moves, seed), left, right);

  const empty = await play([]);
  if (empty.verdict === 'not applicable') return { ...empty, seed };
  const property = fc.asyncProperty(arbitrary, async (moves) => (await play(moves)).verdict === 'equal');
  const details = await fc.check(property, { numRuns: options.runs, seed });
  const moves = details.counterexample?.[0];
  if (moves === undefined) {
    const title = `${details.numRuns} random sequences of calls, seed ${seed}`;
    return { ...empty, title, verdict: 'equal', steps: [], seed };
  }
  const result = await play(moves);
  return { ...result, ...foundTexts(result, moves, details.numRuns, details.numShrinks, seed), seed };
}

function foundTexts(result: ScenarioResult, moves: readonly unknown[], run: number, shrinks: number, seed: number) {
  const calls = moves.map((move) => JSON.stringify(move)).join(' ');
  const found = `found in sequence ${run}, shrunk ${shrinks} times; again with seed ${seed}: ${calls}`;
  // A sequence that was different and then was not is a finding too: something depends on more than the calls.
  if (result.verdict === 'equal') return { verdict: 'different', reason: `not every time: ${found}` } as const;
  return { reason: found };
}

function scenarioOf(component: Component, moves: readonly unknown[], seed: number): Scenario {
  const texts = {
    id: `fuzz-${component}`,
    title: `a random sequence of ${moves.length} call${moves.length === 1 ? '' : 's'}, seed ${seed}`,
    group: 'random sequences',
  };
  return component === 'websocket'
    ? { ...texts, component, run: websocketScript(moves as Parameters<typeof websocketScript>[0]) }
    : { ...texts, component, run: winhttpScript(moves as Parameters<typeof winhttpScript>[0]) };
}

async function loadFastCheck(): Promise<typeof FastCheck> {
  try {
    return await import('fast-check');
  } catch (cause) {
    const message = 'Random sequences need the package fast-check: npm install --save-dev fast-check';
    throw Object.assign(new Error(message, { cause }), { code: 'ERR_FAST_CHECK_MISSING' });
  }
}
