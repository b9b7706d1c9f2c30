// Known differences between a provider and a statement. The statement is not skipped: its test asserts the difference,
// and fails when the difference no longer exists.
import type { StatementBody } from './statement.ts';

export interface KnownDifference {
  readonly id: string;
  /** Named as in `backends()`: 'Microsoft', 'Wine', 'stand-in' or 'portable'. */
  readonly provider: string;
  /** What the provider does instead, and how that is known. */
  readonly reason: string;
  readonly assertDifference: StatementBody;
}

export const knownDifferences: readonly KnownDifference[] = [];
