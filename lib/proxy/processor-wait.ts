/**
 * How long a thread waited for a processor: on a busy machine a limit in milliseconds of the clock would end scripts that
 * hardly ran. Linux only. Source: Linux, Documentation/scheduler/sched-stats.rst.
 */
import { readFileSync, readlinkSync } from 'node:fs';

/** Returns the file with the figures of the calling thread, `undefined` elsewhere than on Linux or without permission. */
export function figuresOfThisThread(): string | undefined {
  try {
    return `/proc/${readlinkSync('/proc/thread-self')}/schedstat`;
  } catch {
    return undefined;
  }
}

/** Returns the milliseconds for which the thread was ready and had no processor; 0 if that is unknown. */
export function processorWait(file: string | undefined): number {
  try {
    return file === undefined ? 0 : parse(readFileSync(file, 'latin1'));
  } catch {
    return 0;
  }
}

/** The second of three numbers, in nanoseconds. */
const parse = (text: string): number => Number(text.split(' ')[1]) / 1e6 || 0;
