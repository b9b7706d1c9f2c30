// Whether something leaks: the size of the process after equal rounds of it. One round may grow for reasons of its own
// (a larger heap, a page touched for the first time); what leaks grows in every round.
//
// Memory that was once freed hides a leak until it is used up. So these statements run in a process of their own
// (websocket-memory.test.ts), garbage is collected all along, and the control keeps no more than it needs.
import assert from 'node:assert/strict';

const WARM_UP_ROUNDS = 1;
const ROUNDS = 4;
const MAX_CONTROL_ROUNDS = 20;
const BATCH = 500;

// Linux counts pages in steps of 128 KiB per thread. At thousands of repetitions this is less than a hundred bytes each.
const ALLOWED_BYTES = 256 * 1024;

declare const gc: (() => void) | undefined;

/** Also waits for the finalizers of what was collected. */
async function collectGarbage(): Promise<void> {
  assert.ok(gc, 'node runs with --expose-gc');
  gc();
  await new Promise(setImmediate);
}

async function growthOf(repetitions: number, body: () => void): Promise<number> {
  await collectGarbage();
  const before = process.memoryUsage.rss();
  assert.ok(before > 0, 'the system tells the size of the process');
  for (let count = 1; count <= repetitions; count += 1) {
    body();
    if (count % BATCH === 0) await collectGarbage();
  }
  await collectGarbage();
  return process.memoryUsage.rss() - before;
}

/**
 * Fails when each round leaves memory behind. `leaky` is the body without its clean-up: it must be found out, so that a
 * measure which sees nothing does not pass.
 */
export async function assertNoGrowth(repetitions: number, body: () => void, leaky: () => unknown): Promise<void> {
  for (let round = 0; round < WARM_UP_ROUNDS; round += 1) await growthOf(repetitions, body);
  const growths: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) growths.push(await growthOf(repetitions, body));
  const growth = Math.min(...growths);
  assert.ok(growth <= ALLOWED_BYTES, `every round of ${repetitions} leaves ${growth} bytes behind`);

  const kept: unknown[] = [];
  for (let round = 0; round < MAX_CONTROL_ROUNDS; round += 1) {
    if ((await growthOf(BATCH, () => kept.push(leaky()))) > ALLOWED_BYTES) return;
  }
  assert.fail(`the measure is blind: it does not see ${kept.length} repetitions that leave everything behind`);
}
