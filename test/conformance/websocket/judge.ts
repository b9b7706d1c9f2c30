// Runs one statement in one lane and returns the verdict.
import { type Lane, StatementContext } from './context.ts';
import type { KnownDifference } from './known-differences.ts';
import type { StatementBody } from './statement.ts';

export type Result = 'pass' | 'fail' | 'known difference' | 'not applicable';

export interface Verdict {
  readonly result: Result;
  /** Why it failed, or the reason of a known difference. */
  readonly message?: string;
  /** Results that differ from an assumption without failing the test. */
  readonly notes?: readonly string[];
}

async function failureOf(body: StatementBody, context: StatementContext): Promise<Error | undefined> {
  try {
    await body(context);
    context.dispose();
    return undefined;
  } catch (error) {
    context.dispose();
    return error instanceof Error ? error : new Error(String(error));
  }
}

export async function judge(body: StatementBody, lane: Lane, difference?: KnownDifference): Promise<Verdict> {
  const context = new StatementContext(lane);
  const failure = await failureOf(difference?.assertDifference ?? body, context);
  const notes = context.notes.length > 0 ? { notes: [...new Set(context.notes)] } : {};
  if (failure !== undefined) return { result: 'fail', message: failure.message, ...notes };
  if (difference !== undefined) return { result: 'known difference', message: difference.reason, ...notes };
  return { result: 'pass', ...notes };
}
