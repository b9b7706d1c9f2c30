import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { INSTALLED, inProject, PROJECT, RUNTIMES, type Runtime, runFile, runProgram } from './project.ts';

const certificates = fileURLToPath(new URL('../fixtures/certificates', import.meta.url));

/** What each door does in all runtimes, and what is Node's only: docs/fetch.md, "Bun and Deno". */
const DOORS = {
  ...{ dispatcher: 'by proxy', 'dispatcher of https': 'by tunnel', agent: 'by proxy', 'agent of https': 'by tunnel' },
  ...{ WebSocket: 'by tunnel', 'installed http': 'by proxy', 'installed https': 'by tunnel' },
};
const NODES_DOORS = { fetch: 'by proxy', 'fetch of https': 'by tunnel', 'installed fetch': 'by proxy' };
const REFUSED = expect.stringMatching(/^TypeError: fetch of winwire needs Node\.js/);
const OTHERS_DOORS = { fetch: REFUSED, 'fetch of https': REFUSED, 'installed fetch': 'left' };

const backend = { websocket: { portable: { available: true } }, winhttp: { portable: { available: true } } };

describe.each(RUNTIMES.map((runtime) => [runtime.name, runtime] as const))('the package in %s', (_name, runtime) => {
  it('connects over real sockets, by import', () => {
    const seen = runProgram(runtime, 'use.mjs');
    expect(seen).toMatchObject({ message: 'Grüße', response: '200 Hello', ...backend });
  });

  it('loads by require', () => {
    expect(runProgram(runtime, 'use.cjs')).toMatchObject({ isConstructor: true, ...backend });
  });

  it('sends requests through a proxy', () => {
    const { name, command, args } = runtime;
    const seen = runFile(command, [...args, inProject('doors.mjs'), certificates]);
    const fetches = isNode(runtime) ? NODES_DOORS : OTHERS_DOORS;
    expect(seen).toEqual({ ...DOORS, ...fetches, undici: name.startsWith('Bun') ? 'ENOTFOUND' : 'by proxy' });
  });

  it('works in worker threads', () => {
    const [first, ...others] = runProgram(runtime, 'workers.mjs') as number[];
    expect(first).toBeGreaterThan(3);
    expect(others).toEqual([first, first, first]);
  });
});

const isNode = ({ name }: Runtime) => name.startsWith('Node');
const permissionModel = ({ name }: Runtime) =>
  name.startsWith('Node 20') ? '--experimental-permission' : '--permission';

describe.each(RUNTIMES.filter(isNode).map((runtime) => [runtime.name, runtime] as const))(
  'under the permission model of %s, the package',
  (_name, runtime) => {
    const permission = permissionModel(runtime);

    it('works with the two permissions that it needs', () => {
      const options = [permission, '--allow-fs-read=*', '--allow-addons'];
      expect(runProgram(runtime, 'failure.mjs', { options })).toEqual({ code: 'none' });
    });

    it('reports the missing --allow-addons', () => {
      const seen = runProgram(runtime, 'failure.mjs', { options: [permission, '--allow-fs-read=*'] });
      expect(seen).toMatchObject({ code: 'ERR_BINDING_UNAVAILABLE' });
      expect(seen).toMatchObject({ message: expect.stringMatching(/may not load native addons.*--allow-addons/) });
    });

    it('reports the missing permission to read its addon', () => {
      const readable = [PROJECT, INSTALLED].map((folder) => join(folder, 'package.json'));
      const options = [...readable, inProject('failure.mjs'), join(INSTALLED, 'dist', '*')].map(
        (file) => `--allow-fs-read=${file}`,
      );
      const seen = runProgram(runtime, 'failure.mjs', { options: [permission, '--allow-addons', ...options] });
      expect(seen).toMatchObject({ code: 'ERR_BINDING_UNAVAILABLE' });
      expect(seen).toMatchObject({ message: expect.stringMatching(/reading it is not permitted.*--allow-fs-read=/s) });
    });

    it('reports the same under --no-addons', () => {
      expect(runProgram(runtime, 'failure.mjs', { options: ['--no-addons'] })).toMatchObject({
        message: expect.stringContaining('drop --no-addons'),
      });
    });
  },
);
