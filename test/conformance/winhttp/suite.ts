// Creates a vitest test of each RQ statement for each backend; the result is in the test's meta for the reporter.
import { describe, test } from 'vitest';
import type { ConformanceRow } from '../suite.ts';
import type { Verdict } from '../websocket/judge.ts';
import { probe } from '../websocket/probe.ts';
import { judge } from './judge.ts';
import type { KnownDifference } from './known-differences.ts';
import { differenceOf, lanes, type StatementLane, testOf } from './registry.ts';
import { type Statement, statements, titleOf } from './statement.ts';

function rowOf({ id, evidence, gate }: Statement, lane: StatementLane, verdict: Verdict): ConformanceRow {
  return { id, evidence, gate, ...lane.subject, platform: `${process.platform}-${process.arch}`, ...verdict };
}

/** Runs the native probe over COM; not for the portable engine. */
function probed({ id, plumbing }: Statement, { backend }: StatementLane): Verdict {
  if (backend === 'portable') return { result: 'not applicable', message: `COM plumbing: ${plumbing}` };
  try {
    probe.runStatement(id, backend);
    return { result: 'pass' };
  } catch (error) {
    return { result: 'fail', message: (error as Error).message };
  }
}

/** The modes of the stand-in for Wine's object, if this run uses it. */
const modes = process.env.WINWIRE_STANDIN?.split('+');

async function verdictOf(statement: Statement, lane: StatementLane): Promise<Verdict> {
  const difference = differenceOf(statement, lane);
  if (modes && statement.face === 'probe') {
    return { result: 'not applicable', message: 'the stand-in itself, without the package' };
  }
  const verdict = await verdictBy(statement, lane, difference);
  if (!modes || verdict.result !== 'fail') return verdict;
  // The stand-in may behave as Windows where Wine does not, or give the other answer to an open question.
  const other = difference ? await verdictBy(statement, lane) : verdict;
  const isOpenHere = statement.modes?.some((mode) => modes.includes(mode));
  return other.result === 'fail' && isOpenHere ? { ...other, result: 'not applicable' } : other;
}

async function verdictBy(statement: Statement, lane: StatementLane, difference?: KnownDifference): Promise<Verdict> {
  if (statement.face === 'probe' && difference === undefined) return probed(statement, lane);
  return judge(statement.face === 'probe' ? async () => {} : testOf(statement), lane, difference);
}

function defineTest(statement: Statement, lane: StatementLane): void {
  test(titleOf(statement), async ({ task, skip }) => {
    // Remains if the run ends the process or times out.
    task.meta.conformance = rowOf(statement, lane, { result: 'fail', message: 'did not end' });
    const verdict = await verdictOf(statement, lane);
    task.meta.conformance = rowOf(statement, lane, verdict);
    if (verdict.result === 'not applicable') skip(verdict.message);
    if (verdict.result !== 'fail') return;
    if (lane.strict || statement.gate) throw new Error(verdict.message);
    skip(`otherwise than assumed: ${verdict.message}`);
  });
}

/** Defines the tests of these sections, by backend. */
export function defineTests(isWanted: (section: string) => boolean): void {
  for (const lane of lanes) {
    if (modes && lane.backend !== 'system') continue;
    describe(`backend ${lane.backend}`, () => {
      for (const section of new Set(statements.map((statement) => statement.section))) {
        if (!isWanted(section)) continue;
        describe(section, () => {
          for (const statement of statements) if (statement.section === section) defineTest(statement, lane);
        });
      }
    });
  }
}
