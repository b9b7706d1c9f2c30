// Known differences in the traces of the conformance statements, beside those of the statements.
import type { KnownDifference } from '../../lib/parity.ts';
import { knownDifferences } from '../conformance/winhttp/known-differences.ts';

/** Traces differ if the statement does not hold. */
const ofStatements: readonly KnownDifference[] = knownDifferences.map(({ id, provider, reason }) => ({
  scenario: id,
  provider,
  reason,
  steps: ['*'],
}));

export const statementDifferences: readonly KnownDifference[] = ofStatements;
