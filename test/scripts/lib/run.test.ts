// Signals to a script reach the program that it runs, on systems that have signals.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';

const run = new URL('../../../scripts/lib/run.mjs', import.meta.url).href;
const signals = process.platform === 'win32' ? [] : (['SIGTERM', 'SIGINT', 'SIGHUP'] as const);

/** Starts a script that runs `program`, and resolves when the program has printed its first line. */
async function startScript(program: string) {
  const script = `import { exitCodeOf, main } from '${run}'; main(() => exitCodeOf(process.execPath, ['-e', ${JSON.stringify(program)}]));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return { child, first: (await lines.next()).value, next: async () => (await lines.next()).value };
}

describe.each(signals)('%s to a script', (signal) => {
  it('reaches its program, whose exit code is the script’s', async () => {
    const { child, next } = await startScript(
      `process.on('${signal}', (name) => { console.log(name); process.exit(5); }); setInterval(() => {}, 1000); console.log('ready');`,
    );
    const exit = once(child, 'exit');
    child.kill(signal);
    expect(await next()).toBe(signal);
    expect(await exit).toEqual([5, null]);
  });

  it('ends a program that does not listen', async () => {
    const { child, first } = await startScript('setInterval(() => {}, 1000); console.log(process.pid);');
    const exit = once(child, 'exit');
    child.kill(signal);
    const [code] = await exit;
    expect(code).toBeGreaterThan(128);
    expect(() => process.kill(Number(first), 0)).toThrow('ESRCH');
  });
});

describe('exitCodeOf', () => {
  it('resolves to the exit code of the program', async () => {
    const { child } = await startScript("console.log('ready'); process.exitCode = 7;");
    expect(await once(child, 'exit')).toEqual([7, null]);
  });
});
