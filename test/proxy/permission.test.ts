// Node's permission model: look-ups that need no thread and no program need no permission for them.
import { expect, test } from 'vitest';
import { runProgram } from '../helpers/program.ts';

const program = new URL('./programs/permission.mjs', import.meta.url);
const isNewer = Number(process.versions.node.split('.')[0]) >= 24;
const flag = isNewer ? '--permission' : '--experimental-permission';

async function linesWith(...allowed: string[]): Promise<string[]> {
  const nodeOptions = [flag, '--allow-fs-read=*', ...allowed];
  const { code, stdout } = await runProgram(program, [], { nodeOptions, environment: { HTTP_PROXY: 'c:3' } });
  expect(code).toBe(0);
  return stdout.trim().split(/\r?\n/);
}

test('a script needs --allow-worker, and the error says so', async () => {
  const lines = await linesWith();
  expect(lines.slice(0, 2)).toEqual(['option: PROXY a:1', 'environment: PROXY c:3']);
  expect(lines[2]).toMatch(
    process.platform === 'win32' ? /^system: DIRECT$/ : /^system: DIRECT .*--allow-child-process/,
  );
  expect(lines[3]).toMatch(/^script: ERROR_WINHTTP_INTERNAL_ERROR .*--allow-worker/);
});

test('a script runs with --allow-worker', async () => {
  expect((await linesWith('--allow-worker'))[3]).toBe('script: PROXY b:2');
});
