/** The progress bar of a download, on stderr if that is a terminal. */
import { errorColors } from '../colors.ts';
import { formatBytes, formatSeconds } from '../format.ts';

export interface Progress {
  /** `total` is undefined if the server does not announce it. */
  start(received: number, total: number | undefined): void;
  update(received: number): void;
  /** Stops the bar; the next output starts on a new line. */
  stop(): void;
}

export const NO_PROGRESS: Progress = { start() {}, update() {}, stop() {} };

/** Loads the library only if a bar is shown. */
export async function createProgress(): Promise<Progress> {
  const { default: cliProgress } = await import('cli-progress');
  const bar = new cliProgress.SingleBar({
    stream: process.stderr,
    hideCursor: true,
    // Ctrl-C is handled by the command.
    gracefulExit: false,
    barsize: 30,
    fps: 8,
    format: formatLine,
  });
  let first = 0;
  return {
    start: (received, total) => {
      first = received;
      bar.start(total ?? 0, received, { first: received });
    },
    update: (received) => bar.update(received, { first }),
    stop: () => bar.stop(),
  };
}

interface LineParameters {
  readonly value: number;
  readonly total: number;
  readonly progress: number;
  readonly startTime: number;
}

/** Formats a line of the bar for the library; `first` is the number of bytes from an earlier transfer. */
export function formatLine(
  { barsize = 30 }: { readonly barsize?: number },
  { value, total, progress, startTime }: LineParameters,
  { first }: { readonly first: number },
): string {
  const { cyan, dim } = errorColors;
  const seconds = Math.max((Date.now() - startTime) / 1000, 0.001);
  const rate = (value - first) / seconds;
  const speed = `${formatBytes(Math.round(rate))}/s`;
  if (total === 0) return `${formatBytes(value)}  ${speed}  ${dim(formatSeconds(seconds))}`;
  const done = Math.round(progress * barsize);
  const bar = cyan('█'.repeat(done)) + dim('░'.repeat(barsize - done));
  const left = value >= total ? `in ${formatSeconds(seconds)}` : `${leftOf(total - value, rate)} left`;
  return `${bar} ${Math.floor(progress * 100)} %  ${formatBytes(value)} of ${formatBytes(total)}  ${speed}  ${left}`;
}

const leftOf = (bytes: number, rate: number): string => (rate > 0 ? formatSeconds(bytes / rate) : '--:--');
