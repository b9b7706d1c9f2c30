/**
 * The queue of runs before a few workers. Scripts take turns, and runs of one script use one worker while they are
 * prompt, so that its global variables stay and a script that does not end delays few others.
 */
import { type PacJob, PacMachine } from './pac-machine.ts';

/** Maximum number of workers, and of those that run the same script. */
const MAX_MACHINES = 4;
const MAX_PER_SCRIPT = 2;
/** Milliseconds after which a worker that has nothing to run ends, if it is not the only one. */
const IDLE_TIME = 10_000;

let machines: PacMachine[] = [];
/** Waiting runs by script; the first script is the next one. */
const queues = new Map<string, PacJob[]>();

/** Runs the job when its turn comes. */
export function enqueue(job: PacJob): void {
  const queue = queues.get(job.key);
  if (queue) queue.push(job);
  else queues.set(job.key, [job]);
  schedule();
}

function schedule(): void {
  machines = machines.filter((machine) => !machine.isLost);
  // Scripts that do not run come before further runs of the others.
  for (let most = 1; most <= MAX_PER_SCRIPT; most++) startRuns(most);
  keepSpare();
}

/** `most`: maximum number of runs of a script. */
function startRuns(most: number): void {
  // A script that is put behind the others is met again in this loop.
  for (const [key, queue] of queues) {
    const [job] = queue;
    if (!job || !begin(job, most)) continue;
    queue.shift();
    queues.delete(key);
    if (queue.length > 0) queues.set(key, queue);
  }
}

/** Returns whether the job has left the queue. */
function begin(job: PacJob, most: number): boolean {
  try {
    const machine = machineFor(job.key, most);
    if (!machine) return false;
    const begun = job.begin();
    if ('kind' in begun) job.settle(begun);
    else machine.perform(job, begun);
  } catch (error) {
    job.reject(error as Error);
  }
  return true;
}

/**
 * Returns an idle worker for the next run of a script, `undefined` if the run has to wait.
 *
 * @throws {Error} if no thread can be started.
 */
function machineFor(key: string, most: number): PacMachine | undefined {
  const own = machines.filter((machine) => machine.isRunning(key));
  if (own.length >= most || own.some((machine) => !machine.isSlow)) return undefined;
  const idle = machines.filter((machine) => machine.isIdle);
  const free = idle.find((machine) => machine.has(key)) ?? idle.find((machine) => machine.isReady) ?? idle[0];
  return free ?? (isSpareNeeded() ? startMachine() : undefined);
}

const isSpareNeeded = () => machines.length < MAX_MACHINES && machines.every((machine) => machine.isSlow);

/** Beside slow runs another worker waits for the next script: its start takes longer than most scripts. */
function keepSpare(): void {
  if (machines.length === 0 || !isSpareNeeded()) return;
  try {
    startMachine();
  } catch {
    // The next run that needs it tries again, and fails.
  }
}

function startMachine(): PacMachine {
  const machine = new PacMachine(schedule);
  machines.push(machine);
  retire();
  return machine;
}

let retirement: NodeJS.Timeout | undefined;

/** Ends idle workers, but not the last one. */
function retire(): void {
  clearTimeout(retirement);
  if (machines.length < 2) return;
  retirement = setTimeout(() => {
    const latest = performance.now() - IDLE_TIME;
    const old = machines.filter((machine) => machine.isIdle && machine.idleSince < latest);
    for (const machine of old.slice(0, machines.length - 1)) machine.end();
    retire();
  }, IDLE_TIME).unref();
}
