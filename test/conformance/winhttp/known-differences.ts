// What a provider is known to do otherwise than a statement says. The statement is then not skipped: its test asserts
// the difference, so that the day it goes away is noticed.
import type { StatementTest } from './statement.ts';
import { wine8 } from './wine-8-differences.ts';

export interface KnownDifference {
  readonly id: string;
  readonly backend: 'system' | 'portable';
  /** As `backends()` names it: 'Microsoft', 'Wine' or 'portable'. */
  readonly provider: string;
  /** What is done instead, and how that is known. */
  readonly reason: string;
  readonly assertDifference: StatementTest;
  /** The major version of the provider from which on it is gone. */
  readonly goneIn?: number | undefined;
}

export const knownDifferences: readonly KnownDifference[] = Object.entries(wine8).map(
  ([id, [reason, test, goneIn]]) => ({
    id,
    backend: 'system',
    provider: 'Wine',
    reason: `Wine 8.0: ${reason}`,
    assertDifference: test,
    goneIn,
  }),
);
