/** A worker thread with QuickJS. */
import { Worker } from 'node:worker_threads';
import { PAC_LIMITS, type PacOutcome, type PacReport, type PacRun, TOO_SLOW } from './pac-protocol.ts';
import { pacRuntime } from './pac-runtime.ts';
import { processorWait } from './processor-wait.ts';

/** A run that waits for a worker. */
export interface PacJob {
  readonly key: string;
  readonly script: string;
  /** Called when a worker is free. Returns what to run, or an outcome if that is known by then. */
  begin(): Omit<PacRun, 'key' | 'script'> | PacOutcome;
  settle(outcome: PacOutcome): void;
  reject(error: Error): void;
}

/** Milliseconds after which a run counts as slow: scripts take less than one. */
const SLOW = 50;
/** Milliseconds for the start of a thread, which a busy machine delays. */
const START = 10_000;
/** Milliseconds after which this thread ends a run that the worker did not end by its own limit. */
const GRACE = 100;

/** Compiled by the first worker. */
let wasm: unknown;

/**
 * Runs one script at a time. This thread's clock ends a run, since nothing inside the worker can interrupt `indexOf` over
 * megabytes; the machine is lost then.
 */
export class PacMachine {
  readonly #worker: Worker;
  readonly #onChange: () => void;
  readonly #scripts = new Set<string>();
  #isReady = false;
  #figures: string | undefined;
  #job: PacJob | undefined;
  #run: PacRun | undefined;
  #clock: NodeJS.Timeout | undefined;
  isSlow = false;
  isLost = false;
  /** When the last run ended, by `performance.now()`. */
  idleSince = performance.now();

  /**
   * `onChange` is called when a run ends or becomes slow, and when the machine is lost.
   *
   * @throws {Error} if no thread can be started.
   */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
    // Isolates the worker from the program: a hook of `--import` would run inside it.
    this.#worker = new Worker(pacRuntime(), {
      eval: true,
      workerData: wasm,
      execArgv: [],
      env: {},
      stdin: false,
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: 64 },
    });
    this.#worker.on('message', (message: PacOutcome | PacReport) => this.#receive(message));
    this.#worker.on('error', (error) => this.#lose(error));
    this.#worker.on('exit', () => this.#lose(new Error('the worker has ended')));
    // After the listeners, which refer to it. Those who wait for an answer keep the process alive.
    this.#worker.unref();
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  get isIdle(): boolean {
    return this.#job === undefined && !this.isLost;
  }

  /** Whether it has the script in memory. */
  has(key: string): boolean {
    return this.#scripts.has(key);
  }

  isRunning(key: string): boolean {
    return this.#job?.key === key;
  }

  /** Starts a run. Only for an idle machine. */
  perform(job: PacJob, run: Omit<PacRun, 'key' | 'script'>): void {
    this.#job = job;
    this.#run = { ...run, key: job.key };
    this.#post(this.has(job.key) ? this.#run : { ...this.#run, script: job.script });
  }

  end(): void {
    this.#lose(new Error('the worker is not used any more'));
  }

  #post(run: PacRun): void {
    this.#worker.postMessage(run);
    // The start of the thread, and of a virtual machine, is not the script's time.
    if (this.#isReady && this.has(run.key)) this.#startClock();
    else this.#setClock(START, () => this.#onTimeout());
  }

  #startClock(): void {
    const { time = 0, loadTime = 0, key = '' } = this.#run ?? {};
    const limit = GRACE + (this.has(key) ? time : loadTime);
    this.#setClock(SLOW, () => {
      const before = processorWait(this.#figures);
      this.#setClock(limit - SLOW, () => this.#onLimit(before, 0));
      if (this.isSlow) return;
      this.isSlow = true;
      this.#onChange();
    });
  }

  /** Continues for the time in which the worker had no processor; `granted`: milliseconds of it that have passed. */
  #onLimit(before: number, granted: number): void {
    const waited = Math.min(processorWait(this.#figures) - before, PAC_LIMITS.wait);
    if (waited - granted < GRACE / 10) this.#onTimeout();
    else this.#setClock(waited - granted, () => this.#onLimit(before, waited));
  }

  #setClock(time: number, onElapsed: () => void): void {
    clearTimeout(this.#clock);
    this.#clock = setTimeout(onElapsed, time).unref();
  }

  /** If this thread was busy, a message may be waiting behind the timer: the outcome, or one that starts the clock anew. */
  #onTimeout(): void {
    const [run, clock] = [this.#run, this.#clock];
    setImmediate(() => {
      const isSame = this.#run === run && this.#clock === clock;
      if (run && isSame) this.#lose({ kind: 'failed', message: TOO_SLOW, isTooSlow: true });
    });
  }

  #receive(message: PacOutcome | PacReport): void {
    if (this.isLost) return;
    if (message.kind === 'ready') {
      wasm ??= message.wasm;
      this.#figures = message.figures;
      this.#isReady = true;
      return;
    }
    const { key = '' } = this.#run ?? {};
    if (message.kind === 'loading' || message.kind === 'loaded') {
      if (message.kind === 'loaded') this.#scripts.add(key);
      this.#startClock();
    } else if (message.kind === 'unknown-script') {
      this.#scripts.delete(key);
      if (this.#job && this.#run) this.#post({ ...this.#run, script: this.#job.script });
    } else {
      // A script that failed is loaded anew.
      if (message.kind === 'failed' || message.kind === 'bad-script') this.#scripts.delete(key);
      this.#settle(message);
    }
  }

  #lose(outcome: PacOutcome | Error): void {
    if (this.isLost) return;
    this.isLost = true;
    void this.#worker.terminate();
    // Before it was ready, its thread is at fault, and not the script.
    this.#settle(outcome instanceof Error && this.#isReady ? { kind: 'failed', message: outcome.message } : outcome);
  }

  #settle(outcome: PacOutcome | Error): void {
    const job = this.#job;
    clearTimeout(this.#clock);
    this.#job = undefined;
    this.#run = undefined;
    this.isSlow = false;
    this.idleSince = performance.now();
    if (outcome instanceof Error) job?.reject(outcome);
    else job?.settle(outcome);
    this.#onChange();
  }
}
