// The influence of unanswered requests: the event loop's delay, and the duration of another request.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type BackendName, WinHttpRequest } from 'winwire';

export interface LoopDelay {
  /** 99th percentile of the event loop's delay, in milliseconds. */
  p99: number;
  /** Median duration of a request in milliseconds. */
  request: number;
}

const RESOLUTION_MS = 5;

/** Makes requests in turn for this time, and measures the event loop. */
async function observe(backend: BackendName, url: string, milliseconds: number): Promise<LoopDelay> {
  const request = await WinHttpRequest.create({ backend });
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  const start = performance.now();
  const durations: number[] = [];
  while (performance.now() - start < milliseconds) {
    const began = performance.now();
    await request.open('GET', url);
    await request.send();
    await request.responseBody;
    durations.push(performance.now() - began);
  }
  histogram.disable();
  await request[Symbol.asyncDispose]();
  durations.sort((a, b) => a - b);
  return { p99: histogram.percentile(99) / 1e6 - RESOLUTION_MS, request: durations[durations.length >> 1] ?? 0 };
}

/** Unanswered requests: the number of objects, opened synchronously. */
export interface Unanswered {
  count: number;
  /** With COM's own synchronous Send, each on a separate thread. */
  nativeSync: boolean;
}

/** Measures alone, and beside requests that are never answered; then aborts all of these. */
export async function measureLoopDelay(
  backend: BackendName,
  origin: string,
  { count, nativeSync }: Unanswered,
  milliseconds: number,
) {
  const url = `${origin}/hello`;
  await observe(backend, url, milliseconds / 4);
  const alone = await observe(backend, url, milliseconds);
  const requests = await Promise.all(
    Array.from({ length: count }, () => WinHttpRequest.create({ backend, nativeSync })),
  );
  const sends = requests.map(async (request) => {
    await request.open('GET', `${origin}/never`, false);
    return request.send().then(
      () => 'fulfilled',
      (error: { code: string }) => error.code,
    );
  });
  const beside = await observe(backend, url, milliseconds);
  const start = performance.now();
  await Promise.all(requests.map((request) => request.abort()));
  const ends = await Promise.all(sends);
  const abortAll = performance.now() - start;
  await Promise.all(requests.map((request) => request[Symbol.asyncDispose]()));
  const wrong = ends.filter((end) => end !== 'ERROR_WINHTTP_OPERATION_CANCELLED');
  if (wrong.length > 0) throw new Error(`aborted sends ended with ${[...new Set(wrong)].join(', ')}`);
  return { alone, beside, abortAll };
}
