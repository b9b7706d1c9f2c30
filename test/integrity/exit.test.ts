// A process that ends with open, busy handles ends normally.
import { describe, expect, it } from 'vitest';
import { availableBackends } from '../helpers/backends.ts';
import { runProgram } from '../helpers/program.ts';

const leaveOpen = new URL('programs/leave-open.mjs', import.meta.url);
const workersOnly = new URL('programs/workers-only.mjs', import.meta.url);

describe.each(availableBackends)('a process with open handles of %s', (backend) => {
  it.each([
    ['naturally', 0, ''],
    ['by process.exit', 7, ''],
    ['by an uncaught exception', 1, 'Error: on purpose'],
    ['by process.exit in an exit handler', 8, ''],
    ['by process.exit while a worker has handles', 9, ''],
    ['after its workers', 0, ''],
  ])('ends %s', async (end, code, message) => {
    const result = await runProgram(leaveOpen, [backend, end]);
    expect(result).toMatchObject({ code, signal: null });
    expect(result.stdout.trim()).toBe('200');
    expect(result.stderr).toContain(message);
    if (message === '') expect(result.stderr).toBe('');
  });

  it('may use them only in workers', async () => {
    const result = await runProgram(workersOnly, [backend]);
    expect(result).toMatchObject({ code: 0, signal: null, stderr: '' });
    expect(result.stdout.trim()).toBe('done');
  });
});
