// Look-ups in whole processes of the built package.
import { expect, test } from 'vitest';
import { runProgram } from '../helpers/program.ts';

const program = (name: string) => new URL(`./programs/${name}.mjs`, import.meta.url);

test('works in a worker thread without the addon, and keeps no process alive', { timeout: 60_000 }, async () => {
  const environment = { WINWIRE_BINDING: '/nowhere/winwire.node' };
  const { code, stdout, stderr } = await runProgram(program('in-worker'), [], { environment });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout.split(/\r?\n/)).toEqual([
    'PROXY main:1',
    'PROXY worker:1,DIRECT,PROXY 127.0.0.1:1',
    'DIRECT',
    'alive: ',
    '',
  ]);
});

test('does not grow with the number of look-ups', { timeout: 120_000 }, async () => {
  // WINWIRE_LOOKUPS=100000 for a long run.
  const { code, stdout } = await runProgram(program('growth'), [process.env.WINWIRE_LOOKUPS ?? '5000']);
  expect(code).toBe(0);
  const [heap = Number.NaN, whole = Number.NaN] = stdout.split(' ').map(Number);
  expect(heap).toBeLessThan(5);
  expect(whole).toBeLessThan(60);
});
