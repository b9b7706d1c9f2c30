/** What Wine 8.0's WinHttpRequest does otherwise than the portable engine in the scenarios of the package. */
import type { KnownDifference } from './known-differences.ts';

export const wineDifferences: readonly KnownDifference[] = [];
