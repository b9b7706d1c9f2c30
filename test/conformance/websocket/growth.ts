// Whether something leaks: the growth of the process over some equal rounds of it. A round may grow or shrink for reasons
// of its own (the collector's timing, a page touched for the first time), by a megabyte on a busy machine. That ends or
// evens out in some stretch of them; what leaks does so in every one.
//
// Memory that was once freed hides a leak until it is used up. So these statements run in a process of their own
// (websocket-memory.test.ts), and garbage is collected all along.
import assert from 'node:assert/strict';

const MAX_ROUNDS = 16;
/** As many rounds are looked at together. */
const WINDOW = 4;
const BATCH = 500;

// At thousands of repetitions a round this is less than a hundred bytes each.
const ALLOWED_BYTES_PER_ROUND = 256 * 1024;

declare const gc: (() => void) | undefined;

/** Also waits for the finalizers of what was collected. */
async function collectGarbage(): Promise<void> {
  assert.ok(gc, 'node runs with --expose-gc');
  gc();
  await new Promise(setImmediate);
}

async function sizeAfter(repetitions: number, body: () => void): Promise<number> {
  for (let count = 1; count <= repetitions; count += 1) {
    body();
    if (count % BATCH === 0) await collectGarbage();
  }
  await collectGarbage();
  const bytes = process.memoryUsage.rss();
  assert.ok(bytes > 0, 'the system tells the size of the process');
  return bytes;
}

/** Fails when rounds of so many repetitions leave memory behind, however many of them there are. */
export async function assertNoGrowth(repetitions: number, body: () => void): Promise<void> {
  const sizes: number[] = [];
  let growth = Number.POSITIVE_INFINITY;
  while (sizes.length < MAX_ROUNDS) {
    sizes.push(await sizeAfter(repetitions, body));
    const before = sizes.at(-1 - WINDOW);
    if (before === undefined) continue;
    growth = ((sizes.at(-1) as number) - before) / WINDOW;
    if (growth <= ALLOWED_BYTES_PER_ROUND) return;
  }
  assert.fail(`each round of ${repetitions} still leaves ${Math.round(growth)} bytes behind`);
}
