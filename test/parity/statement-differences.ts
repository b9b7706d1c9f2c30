// What is known to differ in the traces of the conformance statements, besides what the statements say.
import type { KnownDifference } from '../../lib/parity.ts';
import { knownDifferences } from '../conformance/winhttp/known-differences.ts';

/** Traces differ where the statement does not hold. */
const ofStatements: readonly KnownDifference[] = knownDifferences.map(({ id, provider, reason }) => ({
  scenario: id,
  provider,
  reason,
  steps: ['*'],
}));

export const statementDifferences: readonly KnownDifference[] = ofStatements;
