// `winwire demo`: the bundle of examples/demo, which test/examples tests in detail.
import { describe, expect, it } from 'vitest';
import { availableBackends } from '../helpers/backends.ts';
import { winwire } from '../helpers/command-line.ts';

describe('demo', () => {
  it.each(availableBackends)('on %s shows only checks that hold', { tags: ['start'] }, async (backend) => {
    const { code, stdout, stderr } = await winwire(['demo', '--backend', backend]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/all \d+ checks hold\n$/);
  });

  it('writes one object per line with --json', { tags: ['start'] }, async () => {
    const { code, stdout } = await winwire(['demo', '--json', '--backend', 'portable']);
    expect(code).toBe(0);
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events[0]).toMatchObject({ event: 'start', backend: 'portable' });
    expect(events.filter(({ event }) => event === 'summary')).toMatchObject([{ ok: true, failed: [] }]);
  });

  it.runIf(availableBackends.length === 1)('fails if its backend is not available', async () => {
    const { code, stdout, stderr } = await winwire(['demo', '--backend', 'system']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^winwire: .*websocket\.dll/);
  });
});
