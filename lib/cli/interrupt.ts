/** Ctrl-C: aborts the running command by a signal, so that it ends in an orderly way. */
import { constants } from 'node:os';
import { Exit } from './exit.ts';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** The reason of an aborted signal of {@link interruptible}. */
export class Interrupted extends Exit {
  constructor(name: (typeof SIGNALS)[number]) {
    super(128 + constants.signals[name], 'interrupted');
  }
}

/** Runs a function whose signal SIGINT or SIGTERM aborts, with {@link Interrupted}. A second one ends the process. */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const onSignal = (name: (typeof SIGNALS)[number]) => {
    const interrupted = new Interrupted(name);
    if (controller.signal.aborted) process.exit(interrupted.exitCode);
    controller.abort(interrupted);
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  try {
    return await work(controller.signal);
  } finally {
    for (const name of SIGNALS) process.off(name, onSignal);
  }
}
