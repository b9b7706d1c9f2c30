// Processes and workers that end while Windows looks for a proxy, which nothing can interrupt.
import { describe, expect, it } from 'vitest';
import { runProgram } from '../helpers/program.ts';

const program = new URL('programs/end-in-lookup.mjs', import.meta.url);

describe.runIf(process.platform === 'win32')('a look-up under way', () => {
  it.each([
    ['abort', 0, 'ABORT_ERR', ''],
    ['process.exit', 7, '', ''],
    ['uncaught exception', 1, '', 'Error: on purpose'],
    ['worker', 0, 'worker 1', ''],
  ])('does not hold up an end by %s', async (end, code, output, message) => {
    const result = await runProgram(program, [end]);
    expect(result).toMatchObject({ code, signal: null });
    expect(result.stdout.trim()).toBe(output);
    expect(result.stderr).toContain(message);
  });
});
