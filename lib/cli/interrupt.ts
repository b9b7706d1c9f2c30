/** Ctrl-C: the work under way is told by a signal, so that it can end in an orderly way and say so. */
import { constants } from 'node:os';
import { Exit } from './exit.ts';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Why a signal of {@link interruptible} was aborted. */
export class Interrupted extends Exit {
  constructor(name: (typeof SIGNALS)[number]) {
    super(128 + constants.signals[name], 'interrupted');
  }
}

/** Runs work whose signal is aborted, with {@link Interrupted}, by SIGINT or SIGTERM. The second one ends the process. */
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
