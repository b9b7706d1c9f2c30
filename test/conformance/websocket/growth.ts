// Detects leaks by the growth of the process over equal rounds. A round may grow or shrink by a megabyte for other
// reasons (garbage collection, first use of pages). Over several rounds this evens out; a leak does not.
//
// Previously freed memory hides a leak. So these statements run in a separate process (websocket-memory.test.ts), and
// garbage is collected all the time.
import assert from 'node:assert/strict';

const MAX_ROUNDS = 16;
/** Number of rounds per measurement. */
const WINDOW = 4;
const BATCH = 500;

// With thousands of repetitions per round this is less than a hundred bytes each.
const ALLOWED_BYTES_PER_ROUND = 256 * 1024;

declare const gc: (() => void) | undefined;

/** Also waits for finalizers. */
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

/** Fails if rounds of this many repetitions keep leaking memory. */
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
