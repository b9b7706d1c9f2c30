/** The bar of a download: on stderr, and only where that is a terminal. */
import { errorColors } from '../colors.ts';
import { formatBytes, formatSeconds } from '../format.ts';

export interface Progress {
  /** `total` is undefined where the server does not tell. */
  start(received: number, total: number | undefined): void;
  update(received: number): void;
  /** The bar ends as it is: what is printed next begins on a line of its own. */
  stop(): void;
}

export const NO_PROGRESS: Progress = { start() {}, update() {}, stop() {} };

/** The library is loaded where there is something to see. */
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

/** A line of the bar, as the library asks for it; `first` is what was there before. */
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
