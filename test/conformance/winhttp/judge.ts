// Runs one statement in one lane and returns the verdict.

import { within } from '../../../lib/parity/waiting.ts';
import type { Verdict } from '../websocket/judge.ts';
import { type Lane, RequestContext } from './context.ts';
import type { KnownDifference } from './known-differences.ts';
import type { StatementTest } from './statement.ts';

async function failureOf(body: StatementTest, context: RequestContext): Promise<Error | undefined> {
  try {
    await within(body(context), 'the test ends', 25_000);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  } finally {
    await context.dispose();
  }
}

export async function judge(body: StatementTest, lane: Lane, difference?: KnownDifference): Promise<Verdict> {
  const context = new RequestContext(lane);
  const failure = await failureOf(difference?.assertDifference ?? body, context);
  const notes = context.notes.length > 0 ? { notes: [...new Set(context.notes)] } : {};
  if (failure !== undefined) return { result: 'fail', message: failure.message, ...notes };
  if (difference !== undefined) return { result: 'known difference', message: difference.reason, ...notes };
  return { result: 'pass', ...notes };
}
