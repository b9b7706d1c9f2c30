// Whether something leaks: memory after equal rounds of it. One round may grow for reasons of its own (a larger heap,
// a page touched for the first time); what leaks grows in every round.
import assert from 'node:assert/strict';

const WARM_UP_ROUNDS = 2;
const ROUNDS = 5;

declare const gc: (() => void) | undefined;

function residentBytes(): number {
  assert.ok(gc, 'node runs with --expose-gc');
  gc();
  const bytes = process.memoryUsage.rss();
  assert.ok(bytes > 0, 'the system tells the size of the process');
  return bytes;
}

/** The smallest growth of the process, in bytes, over equal rounds. */
export function smallestGrowth(round: () => void): number {
  for (let index = 0; index < WARM_UP_ROUNDS; index += 1) round();
  const growths: number[] = [];
  for (let index = 0; index < ROUNDS; index += 1) {
    const before = residentBytes();
    round();
    growths.push(residentBytes() - before);
  }
  return Math.min(...growths);
}

/**
 * Fails when each round leaves more than `allowed` bytes behind. `leaky` is the same round without its clean-up: it
 * must be found out, so that a measure which sees nothing does not pass.
 */
export function assertNoGrowth(allowed: number, round: () => void, leaky: () => void): void {
  const growth = smallestGrowth(round);
  assert.ok(growth <= allowed, `every round leaves ${growth} bytes behind`);
  const control = smallestGrowth(leaky);
  assert.ok(control > allowed, `a round that keeps everything leaves only ${control} bytes: the measure is blind`);
}
