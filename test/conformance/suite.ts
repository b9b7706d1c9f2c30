// Creates a vitest test of each statement in each lane; the result is in the test's meta for the reporter.
import { describe, test } from 'vitest';
import { judge, type Verdict } from './websocket/judge.ts';
import { differenceOf, lanes, runsIn, type StatementLane, testOf } from './websocket/registry.ts';
import { type Statement, type StatementTest, statements, titleOf } from './websocket/statement.ts';

/** One line of build/conformance.json. */
export interface ConformanceRow extends Verdict {
  readonly id: string;
  readonly evidence: string;
  readonly gate: boolean;
  readonly backend: string;
  readonly provider: string;
  readonly version?: string | undefined;
  readonly file?: string | undefined;
  readonly platform: string;
}

declare module 'vitest' {
  interface TaskMeta {
    conformance?: ConformanceRow;
  }
}

function rowOf({ id, evidence, gate }: Statement, lane: StatementLane, verdict: Verdict): ConformanceRow {
  return { id, evidence, gate, ...lane.subject, platform: `${process.platform}-${process.arch}`, ...verdict };
}

function defineTest(statement: Statement, lane: StatementLane): void {
  const { run } = testOf(statement);
  test(titleOf(statement), async ({ task, skip }) => {
    // Remains if the run ends the process or times out.
    task.meta.conformance = rowOf(statement, lane, { result: 'fail', message: 'did not end' });
    const verdict = await judge(run, lane, differenceOf(statement, lane));
    task.meta.conformance = rowOf(statement, lane, verdict);
    if (verdict.result === 'not applicable') skip(verdict.message);
    if (verdict.result !== 'fail') return;
    if (lane.strict || statement.gate) throw new Error(verdict.message);
    skip(`otherwise than assumed: ${verdict.message}`);
  });
}

/** Defines the tests of the selected statements, by lane and section. */
export function defineTests(isWanted: (statement: Statement, test: StatementTest) => boolean): void {
  for (const lane of lanes) {
    const chosen = statements.filter((one) => runsIn(testOf(one), lane) && isWanted(one, testOf(one)));
    if (chosen.length === 0) continue;
    describe(`client ${lane.client}, server ${lane.server}`, () => {
      for (const section of new Set(chosen.map((statement) => statement.section))) {
        describe(section, () => {
          for (const statement of chosen) if (statement.section === section) defineTest(statement, lane);
        });
      }
    });
  }
}
