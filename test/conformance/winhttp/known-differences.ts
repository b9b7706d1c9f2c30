// Known differences between a provider and a statement. The statement is not skipped: its test asserts the difference,
// and fails when the difference no longer exists.
import type { StatementTest } from './statement.ts';
import { wine8 } from './wine-8-differences.ts';

export interface KnownDifference {
  readonly id: string;
  readonly backend: 'system' | 'portable';
  /** Named as in `backends()`: 'Microsoft', 'Wine' or 'portable'. */
  readonly provider: string;
  /** What the provider does instead, and how that is known. */
  readonly reason: string;
  readonly assertDifference: StatementTest;
  /** The major version of the provider that no longer has the difference. */
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
