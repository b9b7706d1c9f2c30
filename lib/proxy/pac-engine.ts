/**
 * Runs PAC scripts in workers. A run that needs DNS ends, and is repeated with the answer, so that slow names delay only
 * their own look-ups.
 */
import type { PacJob } from './pac-machine.ts';
import { answerQuestion } from './pac-names.ts';
import { PAC_LIMITS, type PacOutcome, type PacRun, TOO_SLOW } from './pac-protocol.ts';
import { enqueue } from './pac-queue.ts';

/** A script, and a key for its text. */
export interface PacScript {
  readonly key: string;
  readonly text: string;
}

/** The result of a look-up. */
export type PacResult = Extract<PacOutcome, { kind: 'answer' | 'bad-script' | 'failed' }>;

/**
 * Runs a script for a target.
 *
 * @throws {Error} if no worker can be started.
 */
export async function runPac(script: PacScript, url: string, host: string): Promise<PacResult> {
  const answers: PacRun['answers'] = {};
  const record = recordOf(script.key);
  let spent = 0;
  for (;;) {
    const outcome = await perform(script, () => record.begin({ url, host, answers: { ...answers } }, spent));
    if (outcome.kind === 'question') {
      spent += outcome.time;
      answers[outcome.question] = await answerQuestion(outcome.question, host);
    } else {
      record.add(outcome);
      return outcome;
    }
  }
}

type Outcome = Exclude<PacOutcome, { kind: 'unknown-script' }>;

/** Milliseconds that a run waits for a worker, so that a script that never ends does not use them for ever. */
const MAX_WAIT = 10_000;
const WAITED: PacResult = { kind: 'failed', message: `no time was left for it: other runs of scripts took too long` };

function perform({ key, text }: PacScript, begin: PacJob['begin']): Promise<Outcome> {
  const latest = performance.now() + MAX_WAIT;
  return new Promise((settle, reject) => {
    enqueue({
      key,
      script: text,
      begin: () => (performance.now() > latest ? WAITED : begin()),
      settle: (outcome) => settle(outcome as Outcome),
      reject,
    });
  });
}

/** Milliseconds for which the faults of a script count. */
const MEMORY = 30_000;
/** The least limit of a script that has been too slow, in milliseconds. */
const MIN_TIME = 100;
/** Number of scripts whose faults are known. */
const MAX_RECORDS = 16;

/**
 * The faults of a script. After each run that was too slow the next ones get half of the time, until one succeeds: a
 * script that never ends does not keep workers busy for long.
 */
class ScriptRecord {
  #time: number = PAC_LIMITS.time;
  #bad: PacOutcome | undefined;
  #expires = 0;

  /** Returns the run, or its outcome if that is known. */
  begin(run: Pick<PacRun, 'url' | 'host' | 'answers'>, spent: number): ReturnType<PacJob['begin']> {
    if (this.#expires < performance.now()) {
      this.#time = PAC_LIMITS.time;
      this.#bad = undefined;
    }
    if (this.#bad) return this.#bad;
    const [time, loadTime] = [this.#time - spent, PAC_LIMITS.time - spent];
    return time > 0 ? { ...run, time, loadTime } : { kind: 'failed', message: TOO_SLOW, isTooSlow: true };
  }

  add(outcome: PacResult): void {
    if (outcome.kind === 'answer') this.#time = PAC_LIMITS.time;
    if (outcome.kind === 'failed' && outcome.isTooSlow) this.#time = Math.max(MIN_TIME, this.#time / 2);
    if (outcome.kind === 'bad-script') this.#bad = outcome;
    if (outcome.kind !== 'answer') this.#expires = performance.now() + MEMORY;
  }
}

const records = new Map<string, ScriptRecord>();

function recordOf(key: string): ScriptRecord {
  const record = records.get(key) ?? new ScriptRecord();
  records.delete(key);
  records.set(key, record);
  for (const [oldest] of records) if (records.size > MAX_RECORDS) records.delete(oldest);
  return record;
}
