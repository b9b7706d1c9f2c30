// `winwire doctor --install` as a user runs it, in the folder of a program.
import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DoctorReport } from '../../../lib/cli/doctor/doctor-report.ts';
import { winwire } from '../../helpers/command-line.ts';
import { makeFolder, removeFolder } from '../../helpers/folder.ts';

// Wine makes no links.
describe.skipIf(process.env.WINWIRE_LANE === 'wine')('doctor --install', () => {
  let folder: string;

  beforeAll(() => {
    folder = makeFolder('doctor');
    const modules = join(folder, 'node_modules');
    for (const [name, manifest] of Object.entries(MANIFESTS)) {
      mkdirSync(join(modules, name), { recursive: true });
      writeFileSync(join(modules, name, 'package.json'), manifest);
    }
    const own = fileURLToPath(new URL('../../../node_modules', import.meta.url));
    const copies = { undici: 'undici', 'undici-other': 'node-gyp/node_modules/undici' };
    for (const [name, source] of Object.entries(copies))
      symlinkSync(join(own, source), join(modules, name), 'junction');
    // A copy of a copy, and one that cannot be loaded.
    mkdirSync(join(modules, 'ws', 'node_modules', 'undici'), { recursive: true });
    writeFileSync(join(modules, 'ws', 'node_modules', 'undici', 'package.json'), '{"name":"undici","version":"1.0.0"}');
  });

  afterAll(() => removeFolder(folder));

  const MANIFESTS = {
    ws: '{ "name": "ws", "version": "8.0.0" }',
    openai: '{ "name": "openai", "version": "4.1.0" }',
    '@smithy/node-http-handler': '{ "name": "@smithy/node-http-handler", "version": "4.0.0" }',
    got: '{ "name": "got", "version": "14.0.0" }',
    unrelated: '{ "name": "unrelated", "version": "1.0.0" }',
    broken: 'not JSON',
  };

  it('sends a request by each client and names those that do not go by winwire', async () => {
    const { stdout, stderr, code } = await winwire(['doctor', '--install', '--json'], { cwd: folder });
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    const { install } = JSON.parse(stdout) as DoctorReport;
    expect(install).toMatchObject({ folder: realpathSync(folder), replaces: { fetch: true, http: true } });
    const found = install?.clients.map(({ name, isReached, isTested }) => [name, isReached, isTested]) ?? [];
    const hasWebSocket = 'WebSocket' in globalThis;
    expect(found).toEqual([
      ['fetch', true, true],
      ...(hasWebSocket ? [['WebSocket', true, true]] : []),
      ['http.request', true, true],
      ['https.request', true, true],
      ['undici', true, true],
      ['undici', true, true],
      ['undici', false, true],
      ['@smithy/node-http-handler', false, false],
      ['got', true, false],
      ['openai', false, false],
      ['ws', false, false],
    ]);
    const copies = install?.clients.filter(({ name }) => name === 'undici') ?? [];
    expect(new Set(copies.map(({ version }) => version?.split('.')[0]))).toEqual(new Set(['6', '7', '1']));
    expect(copies.at(-1)?.help).toMatch(/cannot be used/);
  });

  it('shows what NODE_USE_ENV_PROXY keeps for Node, and is readable', async () => {
    const settings = { cwd: folder, env: { NODE_USE_ENV_PROXY: '1' } };
    const { stdout, code } = await winwire(['doctor', '--install'], settings);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ {2}✗ fetch +.*install\(\{ fetch: true \}\)$/m);
    expect(stdout).toMatch(/^ {2}✗ https\.request +.*install\(\{ http: true \}\)$/m);
    expect(stdout).toMatch(/^ {2}✗ ws 8\.0\.0 +.*ProxyAgent/m);
  });
});
