/**
 * One look-up of `resolveProxy`: its arguments, its time limit, and the order of its routes, recently failed ones last.
 */

import { abortErrorOf, onAbort } from '../abort-signal.ts';
import { chooseBackend } from '../backend.ts';
import { traceProxy } from '../diagnostics/proxy-channels.ts';
import { shownUrl } from '../shown-text.ts';
import { startTimer } from '../time-limit.ts';
import type { Lookup } from './lookup.ts';
import { proxyFailure } from './proxy-errors.ts';
import { parseTarget } from './request-target.ts';
import { makeResolution, orderByFailures } from './resolution.ts';
import { type ParsedSource, parseResolveOptions } from './resolve-options.ts';
import { resolveTarget } from './resolve-target.ts';
import type { ProxyResolution } from './types.ts';

/**
 * `note` is called with each source and its answer.
 *
 * @throws as `resolveProxy`
 */
export async function lookUpProxy(
  url: unknown,
  options: unknown,
  note: Lookup['note'] = () => {},
): Promise<ProxyResolution> {
  const target = parseTarget(url);
  const { from, timeout, signal, ...parsed } = parseResolveOptions(options);
  const backend = chooseBackend(parsed.backend);
  return traceProxy({ url: target.origin, from: nameOf(from), backend }, async () => {
    const lookup = resolveTarget({ target, backend, timeout, note }, from);
    const resolution = await within(lookup, timeout, target.origin, signal);
    const routes = orderByFailures(resolution.routes);
    return routes === resolution.routes ? resolution : makeResolution({ ...resolution, routes });
  });
}

function nameOf(from: ParsedSource): string {
  if (typeof from === 'string') return from;
  return 'pac' in from ? shownUrl(from.pac) : 'option';
}

/** How often a wait without a time limit wakes up, in milliseconds. */
const FOREVER = 2 ** 30;

/**
 * Ends the caller's wait. The look-up continues for others, within its own limits; it is the wait that keeps the process
 * alive.
 */
function within<T>(promise: Promise<T>, timeout: number, origin: string, signal: AbortSignal | undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    const onTimeout = () =>
      reject(proxyFailure('ERROR_WINHTTP_TIMEOUT', `no answer for ${origin} within ${timeout} ms`));
    const timer = startTimer(timeout, onTimeout) ?? setInterval(() => {}, FOREVER);
    const stop = signal && onAbort(signal, () => end(() => reject(abortErrorOf(signal))));
    const end = (settle: () => void) => {
      clearTimeout(timer);
      stop?.();
      settle();
    };
    promise.then(
      (value) => end(() => resolve(value)),
      (error) => end(() => reject(error)),
    );
  });
}
