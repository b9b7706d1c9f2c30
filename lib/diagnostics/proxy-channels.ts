/** The channel `winwire:proxy:resolve` of node:diagnostics_channel and its message. */
import { tracingChannel } from 'node:diagnostics_channel';
import type { BackendName } from '../backend.ts';

/**
 * The message of the TracingChannel `winwire:proxy:resolve`, which spans a look-up of `resolveProxy`. It holds neither user
 * names nor passwords, paths or queries.
 */
export interface ProxyTrace<Resolution = object> {
  /** The origin that is asked for: `https://example.org/`. */
  readonly url: string;
  /** Where the routes come from: a source's name, a script's URL or `'option'`. */
  readonly from: string;
  readonly backend: BackendName;
  /** In `asyncStart` and `asyncEnd`. */
  readonly result?: Resolution;
  /** In `error`, and in `asyncStart` and `asyncEnd` of a failure. */
  readonly error?: unknown;
}

const resolutions = tracingChannel<unknown, ProxyTrace>('winwire:proxy:resolve');

/** Publishes a look-up, if anything subscribes. */
export function traceProxy<T>(trace: ProxyTrace, run: () => Promise<T>): Promise<T> {
  return resolutions.hasSubscribers ? resolutions.tracePromise(run, trace) : run();
}
