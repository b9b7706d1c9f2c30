/** `resolveProxy`: the proxies of a URL, from the caller, the environment or the machine's settings. */
import { abortErrorOf, withSignal } from '../abort-signal.ts';
import type { ProxyResolution, ResolveProxyOptions } from './types.ts';

/**
 * Resolves the proxies of a URL: the caller's, those of the environment, or those of the machine's settings (static
 * proxy with its bypass list, PAC script, WPAD). A script gets the URL's origin only. Answers are kept for five minutes.
 *
 * @param url an absolute http:, https:, ws: or wss: URL. Its user information is ignored.
 * @throws {TypeError} ERR_INVALID_ARG_TYPE or ERR_INVALID_ARG_VALUE for another URL or an invalid option.
 * @throws {RangeError} ERR_OUT_OF_RANGE for a timeout that is not positive.
 * @throws {AbortError} when `signal` aborts.
 * @throws {BackendUnavailableError} if the system's settings are asked for and the backend `system` cannot read them.
 * @throws {WinwireError} ERROR_WINHTTP_TIMEOUT after `timeout`; ERROR_WINHTTP_UNABLE_TO_DOWNLOAD_SCRIPT or
 * ERROR_WINHTTP_BAD_AUTO_PROXY_SCRIPT for a script that `from` names. One that the machine's settings name is a warning.
 *
 * Source: Microsoft, "WinHTTP AutoProxy Support"; Chromium, "Proxy support in Chrome".
 */
export async function resolveProxy(url: string | URL, options?: ResolveProxyOptions): Promise<ProxyResolution> {
  // Any other value is an error that the look-up reports.
  const signal = options?.signal instanceof AbortSignal ? options.signal : undefined;
  if (signal?.aborted) throw abortErrorOf(signal);
  // Loaded here, so that importing the package does not load the modules for proxies.
  const resolution = import('./proxy-lookup.ts').then(({ lookUpProxy }) => lookUpProxy(url, options));
  return withSignal(resolution, signal);
}
