// What the realm leaves when it ends. A second realm, beside that of the run; Linux starts both.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';

const PROGRAM = fileURLToPath(new URL('hold-realm.mjs', import.meta.url));

function start(...args: string[]): ChildProcess {
  return spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
}

/** Resolves to the folder of the realm, when it is complete. */
async function folderOf(program: ChildProcess): Promise<string> {
  if (program.stdout === null) throw new Error('The program has no output.');
  const [folder] = await once(createInterface(program.stdout), 'line');
  return folder;
}

/** Returns the processes below a process. */
function descendantsOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .trim()
    .split(' ')
    .filter(Boolean)
    .map(Number);
  return children.flatMap((child) => [child, ...descendantsOf(child)]);
}

/** A process that has ended, and that its parent has not yet asked about, is a zombie. */
function hasEnded(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.startsWith('Z') === true;
  } catch {
    return true;
  }
}

const untilEnded = (pids: readonly number[]) =>
  vi.waitFor(() => expect(pids.filter((pid) => !hasEnded(pid))).toEqual([]), { timeout: 10_000, interval: 20 });

const pidOf = ({ pid }: ChildProcess): number => {
  if (pid === undefined) throw new Error('The program has not started.');
  return pid;
};

describe.runIf(process.platform === 'linux')('a realm', () => {
  it('ends its servers and deletes its folder at a signal', async () => {
    const program = start();
    const folder = await folderOf(program);
    const servers = descendantsOf(pidOf(program));
    // Two KDCs, Apache with a child, squid with four helpers.
    expect(servers.length).toBeGreaterThanOrEqual(9);
    program.kill('SIGTERM');
    await once(program, 'close');
    await untilEnded(servers);
    expect(existsSync(folder)).toBe(false);
  });

  it('does so when it is interrupted before it is complete', async () => {
    const program = start();
    const pid = pidOf(program);
    const servers = await vi.waitFor(
      () => {
        const found = descendantsOf(pid);
        const names = found.map((server) => readFileSync(`/proc/${server}/comm`, 'utf8'));
        expect(names.join()).toMatch(/krb5kdc|apache2|squid/);
        return found;
      },
      { timeout: 20_000, interval: 5 },
    );
    program.kill('SIGINT');
    await once(program, 'close');
    await untilEnded(servers);
  });

  it('ends with its process at SIGKILL; the next one deletes its folder, and ends when what uses it fails', async () => {
    const program = start();
    const left = await folderOf(program);
    const servers = descendantsOf(pidOf(program));
    program.kill('SIGKILL');
    await once(program, 'close');
    await untilEnded(servers);
    expect(existsSync(left)).toBe(true);
    const next = start('fail');
    const ended = once(next, 'close');
    const folder = await folderOf(next);
    expect(existsSync(left)).toBe(false);
    expect(await ended).toEqual([1, null]);
    expect(existsSync(folder)).toBe(false);
  });
});
