import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { makeFolder, removeFolder } from '../../helpers/folder.ts';
import { importScript } from '../../helpers/script.ts';

const { TestProcess } = await importScript('tools/mutate/lib-pool.mjs');
const { mutantsOf } = await importScript('tools/mutate/lib-operators.mjs');
const { probed } = await importScript('tools/mutate/reach.mjs');

const FILE = 'lib/http1/blanks.ts';
const TEST = 'test/http1/head-reader.test.ts (all)';
const LIMIT = 60_000;
const source = readFileSync(fileURLToPath(new URL(`../../../${FILE}`, import.meta.url)), 'utf8');

// Requires sh and process groups, as the engine's part requires a compiler.
describe.runIf(process.platform !== 'win32')('a process that runs tests over changed sources', () => {
  const one = new TestProcess();
  afterAll(() => one.close());

  it('passes without a change, reports the reached probes, and fails with a change', async () => {
    const { texts, names } = probed(mutantsOf(FILE, source));
    const unchanged = await one.run(texts, TEST, LIMIT);
    expect(unchanged).toMatchObject({ ok: true });
    expect(unchanged.reached.length).toBe(names.length);

    const changed = await one.run({ [FILE]: source.replaceAll('<', '>=') }, TEST, LIMIT);
    expect(changed).toMatchObject({ ok: false, isTimeOut: false, by: expect.stringContaining('RQ-') });
  });

  it('ends with the programs that it has started', async () => {
    const folder = makeFolder('mutate');
    const file = join(folder, 'pid');
    const telling = `import { writeFileSync } from 'node:fs';\nwriteFileSync(${JSON.stringify(file)}, String(process.pid));`;
    const answer = one.run({ [FILE]: `${source}\n${telling}\nfor (;;) {}\n` }, TEST, LIMIT);
    const pid = await vi.waitUntil(() => existsSync(file) && Number(readFileSync(file, 'utf8')), LIMIT);
    expect(isRunning(pid)).toBe(true);

    one.close();
    expect(await answer).toMatchObject({ ok: false, by: 'the end of the run' });
    await vi.waitUntil(() => !isRunning(pid), LIMIT);
    removeFolder(folder);
  });

  it('is replaced after a run that reached its limit', async () => {
    expect(await one.run({}, TEST, 1)).toEqual({ ok: false, by: 'the time limit', isTimeOut: true });
    expect(await one.run({}, TEST, LIMIT)).toMatchObject({ ok: true, reached: [] });
  });
});

/** A zombie (state Z) has ended. */
function isRunning(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.trim() !== '' && !stdout.trim().startsWith('Z');
}
