// The command as a user runs it: in a separate process, with its files and exit codes.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { backends } from '../../lib/backends.ts';
import { makeFolder, removeFolder } from '../helpers/folder.ts';
import { type ProgramResult, runProgram } from '../helpers/program.ts';

const main = new URL('../../dist/cli/main.js', import.meta.url);
const sys = new URL('../../dist/sys.js', import.meta.url).href;

let folder: string;
let subject: string;

beforeAll(() => {
  folder = makeFolder('parity');
  subject = join(folder, 'faulty.mjs');
  writeFileSync(
    subject,
    `import { websocketFunctions as right } from ${JSON.stringify(sys)};
const backend = { backend: 'portable' };
export const name = 'faulty';
export const websocket = {
  ...right,
  WebSocketCreateClientHandle: (properties) => right.WebSocketCreateClientHandle(properties, backend),
  WebSocketCreateServerHandle: (properties) => right.WebSocketCreateServerHandle(properties, backend),
  WebSocketGetGlobalProperty: () => 7,
};
`,
  );
});

afterAll(() => removeFolder(folder));

const parity = (...args: string[]): Promise<ProgramResult> => runProgram(main, ['parity', ...args]);
const file = (name: string) => join(folder, name);

describe('winwire parity', () => {
  test('finds no difference between a subject and itself: exit code 0, and only the totals', async () => {
    const { code, stdout, stderr } = await parity('--left', 'portable', '--scenario', 'close-*', 'text-empty');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('✓ 9 equal');
    expect(stdout).not.toContain('\u001b[');
  });

  test('reports a difference, writes all three files and ends with 1', { tags: ['start'] }, async () => {
    const files = ['--html', file('p.html'), '--json', file('p.json'), '--junit', file('p.xml')];
    const { code, stdout } = await parity(
      '--left',
      'portable',
      '--subject',
      subject,
      '--scenario',
      'properties-*',
      ...files,
    );
    expect(code).toBe(1);
    expect(stdout).toMatch(/✗ properties-global[\s\S]*component WebSocketGetGlobalProperty\(type [\s\S]*faulty +7/);
    const json = JSON.parse(readFileSync(file('p.json'), 'utf8'));
    expect(json.counts).toEqual({ different: 1, 'known difference': 0, equal: 3, 'not applicable': 0 });
    expect(json.results[0].steps[json.results[0].first].right.outcome).toEqual({ status: 'returned', value: 7 });
    const xml = readFileSync(file('p.xml'), 'utf8');
    expect(xml).toContain('<testsuites name="winwire parity" tests="4" failures="1" skipped="0">');
    expect(xml).toMatch(/<failure message="step \d+: component WebSocketGetGlobalProperty/);
    expect(readFileSync(file('p.html'), 'utf8')).toContain('<details id="properties-global"');
  });

  test('lists a known difference without failing', async () => {
    const known = [
      {
        scenario: 'properties-global',
        provider: 'faulty',
        reason: 'it knows one number',
        steps: ['WebSocketGetGlobalProperty'],
      },
    ];
    writeFileSync(file('known.json'), JSON.stringify(known));
    const args = [
      '--left',
      'portable',
      '--subject',
      subject,
      '--scenario',
      'properties-global',
      '--known',
      file('known.json'),
    ];
    const { code, stdout } = await parity(...args);
    expect(code).toBe(0);
    expect(stdout).toMatch(/≈ properties-global[\s\S]*it knows one number[\s\S]*≈ 1 known difference/);
  });

  test('writes the differences, so that the next run shows only new ones', async () => {
    const of = (value: string) => {
      const own = file(`answers-${value}.mjs`);
      writeFileSync(own, readFileSync(subject, 'utf8').replace('() => 7', `() => ${value}`));
      return ['--left', 'portable', '--right', own, '--scenario', 'properties-global'];
    };
    const written = await parity(...of('7'), '--write-known', file('written.json'));
    expect(written).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/written: .*written\.json, 1 known difference/),
    });
    const [row] = JSON.parse(readFileSync(file('written.json'), 'utf8'));
    expect(row).toMatchObject({
      scenario: 'properties-global',
      provider: 'faulty',
      steps: ['WebSocketGetGlobalProperty'],
    });
    expect(await parity(...of('7'), '--known', file('written.json'))).toMatchObject({ code: 0 });
    const other = await parity(...of('8'), '--known', file('written.json'));
    expect(other).toMatchObject({ code: 1, stdout: expect.stringContaining('✗ properties-global') });
    const gone = await parity(...of('15_000'), '--known', file('written.json'));
    expect(gone.code).toBe(1);
  });

  test.each([
    [{ scenario: 'no-such' }, /there is no scenario "no-such"; winwire parity --list names them/],
    [{ steps: ['WebSocketSent'] }, /no step "WebSocketSent". Its steps: .*WebSocketGetGlobalProperty.*, or \*/],
    [{ steps: ['WebSocketGetGlobalProperty', '3'] }, /no step "3"/],
    [{ steps: [3] }, /row 1 is not \{ scenario, provider, reason, steps \}/],
    [{ steps: [] }, /row 1 is not/],
    [{ reason: undefined }, /row 1 is not/],
  ])('rejects a known difference with %j with 2', async (part, message) => {
    const row = {
      scenario: 'properties-global',
      provider: 'faulty',
      reason: 'r',
      steps: ['WebSocketGetGlobalProperty'],
    };
    writeFileSync(file('wrong.json'), JSON.stringify([{ ...row, ...part }]));
    const args = ['--left', 'portable', '--right', subject, '--scenario', 'properties-global'];
    const { code, stderr } = await parity(...args, '--known', file('wrong.json'));
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(message) });
  });

  test('reports a scenario that never ends, even if both subjects hang', async () => {
    writeFileSync(
      file('stuck.mjs'),
      `const of = (component) => ({ id: component, title: 'stuck', group: 'own', component, run: () => new Promise(() => {}) });
export const scenarios = [of('websocket'), of('winhttp')];`,
    );
    const both = ['--left', 'portable', '--right', 'portable'];
    const { code, stdout } = await parity(...both, '--scenarios', file('stuck.mjs'), '--time-limit', '0.05');
    expect(code).toBe(1);
    expect(stdout).toMatch(/✗ websocket[\s\S]*the script did not end in time with portable and portable/);
    expect(stdout).toContain('✗ winhttp');
  });

  test('generates random sequences from the seed', { tags: ['start'] }, async () => {
    const args = ['--left', 'portable', '--scenario', 'text-empty', '--fuzz', '20', '--seed', '5', '--verbose'];
    const { code, stdout } = await parity(...args);
    expect(code).toBe(0);
    expect(stdout).toContain('✓ fuzz-websocket  20 random sequences of calls, seed 5');
    expect(stdout).toContain('✓ fuzz-winhttp  20 random sequences of calls, seed 5');
  });

  test('runs scenarios of a module', { tags: ['start'] }, async () => {
    writeFileSync(
      file('own.mjs'),
      `export const scenarios = [{ id: 'own', title: 'own', group: 'own', component: 'websocket', run: (t) => void t.create('client') }];`,
    );
    const { code, stdout } = await parity('--left', 'portable', '--scenarios', file('own.mjs'), '--verbose');
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('✓ own  own') });
  });

  test('compares the resolver of a module in the scenarios of the component proxy', async () => {
    writeFileSync(file('direct.mjs'), `export const resolveProxy = () => 'DIRECT';`);
    const chosen = ['--component', 'proxy', '--scenario', 'PF-201', 'PF-202'];
    const { code, stdout } = await parity('--left', 'portable', '--right', file('direct.mjs'), ...chosen);
    expect(code).toBe(1);
    expect(stdout).toContain('✗ PF-202  the list "a.example" for http://b.a.example/');
    expect(stdout).toMatch(/portable +\[PROXY one\.test:8001\]\n +direct\.mjs +\[DIRECT\]/);
    expect(stdout).toContain('✗ 1 different   ✓ 1 equal');
  });

  test('lists the scenarios of a component', { tags: ['start'] }, async () => {
    const { code, stdout } = await parity('--list', '--component', 'winhttp');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^winhttp: states$/m);
    expect(stdout).not.toContain('websocket:');
  });

  test.each([
    [['--scenario', 'no-such'], /there is no scenario no-such/],
    [['--left', 'portable', '--right', './no-such.mjs'], /no-such\.mjs is neither system nor portable/],
    [['--component', 'both'], /Allowed choices are websocket, winhttp, proxy/],
    [['--fuzz', '9', '--component', 'proxy'], /--fuzz: the component proxy has no random sequences/],
    [['--fuzz', 'many'], /must be a whole number/],
  ] as const)('rejects %j with 2', async (args, message) => {
    const { code, stderr } = await parity(...args);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(message) });
  });

  test.runIf(!backends().websocket.system.available)(
    'reports why nothing can be compared, and ends with 1',
    async () => {
      const { code, stdout, stderr } = await parity('--scenario', 'text-empty');
      expect(code).toBe(1);
      expect(stdout).toContain('– 1 scenario not applicable');
      expect(stderr).toContain(`nothing was compared: ${backends().websocket.system.reason}`);
    },
  );
});
