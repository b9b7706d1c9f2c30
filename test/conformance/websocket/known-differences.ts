// What a provider is known to do otherwise than a statement says. The statement is then not skipped: its test asserts
// the difference, so that the day it goes away is noticed.
import type { StatementBody } from './statement.ts';

export interface KnownDifference {
  readonly id: string;
  /** As `backends()` names it: 'Microsoft', 'Wine', 'stand-in' or 'portable'. */
  readonly provider: string;
  /** What is done instead, and how that is known. */
  readonly reason: string;
  readonly assertDifference: StatementBody;
}

export const knownDifferences: readonly KnownDifference[] = [];
