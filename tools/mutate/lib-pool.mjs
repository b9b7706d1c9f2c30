// Starts the processes that run the tests of lib, and ends them with all their children.
import { spawn } from 'node:child_process';
import { inProject, root } from '../../scripts/lib/project.mjs';
import { Stop } from '../../scripts/lib/run.mjs';

/** Stops a mutant that allocates without end; Node's own heap has a limit anyway. In KiB. */
const MEMORY = 8 * 1024 * 1024;

const groups = new Set();
const killGroup = (pid) => {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has already ended.
  }
};
process.on('exit', () => groups.forEach(killGroup));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));

/** Runs test files in turn, in a process that is replaced after a hang or crash. */
export class TestProcess {
  #child;
  #started;
  /** Resolves the pending answer. */
  #answer;

  /** Returns every test file of every vitest project, as `run` takes them. */
  async tests() {
    this.#start();
    const { tests, by } = await this.#started;
    if (tests === undefined) throw new Stop(`vitest does not start: ${by}`);
    return tests;
  }

  /** Runs a test file over the sources that `texts` changes: { ok, by, isTimeOut, took, reached }. */
  async run(texts, test, limit) {
    await this.tests();
    const answer = this.#nextAnswer();
    const timer = setTimeout(() => this.#end({ ok: false, by: 'the time limit', isTimeOut: true }), limit);
    this.#child.send({ texts, test });
    try {
      return await answer;
    } finally {
      clearTimeout(timer);
    }
  }

  close() {
    this.#end({ ok: false, by: 'the end of the run' });
  }

  #start() {
    if (this.#child) return;
    const worker = inProject('tools/mutate/lib-worker.mjs');
    const command = `ulimit -d ${MEMORY} 2>/dev/null; exec "$0" "$1"`;
    const child = spawn('sh', ['-c', command, process.execPath, worker], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      detached: true,
    });
    groups.add(child.pid);
    this.#child = child;
    this.#started = this.#nextAnswer();
    child.on('message', (message) => {
      if (this.#child === child) this.#answer?.(message);
    });
    child.once('exit', (code, signal) => {
      if (this.#child === child) this.#end({ ok: false, by: `a crash (${signal ?? code})` });
    });
  }

  #nextAnswer() {
    return new Promise((resolve) => {
      this.#answer = resolve;
    });
  }

  #end(result) {
    const { pid } = this.#child ?? {};
    this.#child = undefined;
    if (pid !== undefined) killGroup(pid);
    groups.delete(pid);
    this.#answer?.(result);
  }
}
