// Many responses that no caller reads, and long bodies with a slow reader: what is left, and how much memory they take.
// WINWIRE_UNREAD and WINWIRE_SLOW_READER set the numbers of requests and of MiB: 10000 and 1024 for a long run.
import { describe, expect, it } from 'vitest';
import { runProgram } from '../helpers/program.ts';

const program = new URL('./programs/endurance.mjs', import.meta.url);
const requests = process.env.WINWIRE_UNREAD ?? '200';
const size = process.env.WINWIRE_SLOW_READER ?? '64';
const MIB = 1024 * 1024;
/** In milliseconds. */
const LIMIT = 30_000 + Number(requests) * 10 + Number(size) * 200;

interface Result {
  readonly received?: number;
  /** Bytes that were sent and not yet received, at most. */
  readonly ahead?: number;
  readonly growth: number;
  readonly mostOpen: number;
  readonly left: readonly string[];
}

async function run(...args: string[]): Promise<Result> {
  const { code, stdout, stderr } = await runProgram(program, args);
  expect(code, stderr).toBe(0);
  console.log(args.join(' '), stdout.trim());
  return JSON.parse(stdout);
}

describe.each(['dispatcher', 'agent'])('requests by the door %s', (door) => {
  describe.each(['direct', 'proxy'])('that go %s', (way) => {
    it(
      'need few connections and no memory for short bodies that no caller reads',
      async () => {
        const { growth, mostOpen, left } = await run('unread short bodies', door, way, requests);
        expect(mostOpen).toBeLessThanOrEqual(60);
        expect(growth).toBeLessThan(5 * MIB);
        expect(left).toEqual([]);
      },
      LIMIT,
    );

    it(
      'let long bodies go that no caller reads',
      async () => {
        const { growth, left } = await run('unread long bodies', door, way, requests);
        expect(growth).toBeLessThan(10 * MIB);
        expect(left).toEqual([]);
      },
      LIMIT,
    );

    it(
      'wait for a slow reader of a long body each way',
      async () => {
        const { received, ahead, growth, left } = await run('slow reader', door, way, size);
        expect(received).toBe(Number(size));
        // What the buffers of sockets and streams hold, however long the body is.
        expect(ahead).toBeLessThan(48 * MIB);
        expect(growth).toBeLessThan(5 * MIB);
        expect(left).toEqual([]);
      },
      LIMIT,
    );
  });
});
