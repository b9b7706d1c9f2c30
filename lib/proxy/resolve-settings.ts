/**
 * Resolves a target by settings, in the order of WinINET and Chromium: WPAD if enabled, then the PAC URL, then the
 * static proxy with its bypass list, then direct.
 */
import { WinwireError } from '../errors.ts';
import { shownText, shownUrl } from '../shown-text.ts';
import { startLimit } from '../time-limit.ts';
import { validUrl } from '../valid-url.ts';
import { isInRange } from './address-range.ts';
import { askScript } from './answer-cache.ts';
import { isBypassed, isLocalTarget } from './bypass-list.ts';
import type { Lookup } from './lookup.ts';
import { invalidSetting, proxyFailure } from './proxy-errors.ts';
import { parseProxyMap, withoutUser } from './proxy-map.ts';
import type { ProxyResolver, ScriptSource } from './proxy-resolver.ts';
import type { ProxySettings } from './proxy-settings.ts';
import { directResolution, makeResolution, markRoute } from './resolution.ts';
import type { ProxyResolution } from './types.ts';

/**
 * The parts of a caller's time-out after which the next source is used: a script server that does not answer, as
 * outside of the company's network, must not use up all the time.
 */
const PATIENCE = { wpad: 0.4, pac: 0.8 };

/** Resolves by the machine's settings. */
export async function resolveSettings(
  lookup: Lookup,
  resolver: ProxyResolver,
  earlier: readonly WinwireError[],
): Promise<ProxyResolution> {
  const start = performance.now();
  const { target, timeout, note } = lookup;
  const settings = await resolver.readSettings();
  const { source, autoDetect, pacUrl, proxy } = settings;
  const warnings = [...earlier, ...settings.warnings];
  note('settings', describeSettings(settings));
  if (!autoDetect && pacUrl === undefined && proxy === undefined) return directResolution('none', 'none', warnings);
  const hasScript = autoDetect || pacUrl !== undefined;
  if (hasScript && isLocalTarget(target)) {
    note('scripts', 'not asked: a local address is direct');
    return directResolution(source, 'bypass', warnings);
  }
  const scripts: ScriptSource[] = [
    ...(autoDetect ? [{ namedBy: 'wpad' } as const] : []),
    ...(pacUrl === undefined ? [] : [{ namedBy: 'settings', url: pacUrl } as const]),
  ];
  for (const script of scripts) {
    const by = script.namedBy === 'wpad' ? 'wpad' : 'pac';
    try {
      const end = start + timeout * PATIENCE[by];
      const answer = await before(end, askScript(resolver, script, target), by);
      const routes = answer.routes.map((route) => markRoute({ route }, script.namedBy));
      const all = [...warnings, ...answer.warnings];
      const resolution = makeResolution({ ...answer, routes, source, by, warnings: all });
      note(by, String(resolution));
      return resolution;
    } catch (error) {
      if (!(error instanceof WinwireError)) throw error;
      note(by, error.message);
      warnings.push(error);
    }
  }
  return resolveStatic(lookup, settings, warnings);
}

function describeSettings({ source, autoDetect, pacUrl, proxy, bypass, ranges }: ProxySettings): string {
  const url = validUrl(pacUrl ?? '');
  const parts = [
    autoDetect && 'WPAD',
    pacUrl !== undefined && `PAC ${url ? shownUrl(url) : '(an invalid URL)'}`,
    proxy !== undefined &&
      `proxy ${proxy
        .split(/[;\s]+/)
        .map(withoutUser)
        .join(';')}`,
    bypass.length + ranges.length > 0 && `bypass ${[...bypass, ...ranges].join(';')}`,
  ].filter((part) => part !== false);
  return parts.length > 0 ? `${parts.join(', ')} (${source})` : 'no proxy';
}

/**
 * Settles as the promise, or rejects after the time; the work continues, and its result is cached for later look-ups.
 */
function before<T>(end: number, promise: Promise<T>, by: 'wpad' | 'pac'): Promise<T> {
  return new Promise((resolve, reject) => {
    const what = by === 'wpad' ? 'the search for a script (WPAD)' : 'the script';
    const onElapsed = () => reject(proxyFailure('ERROR_WINHTTP_TIMEOUT', `${what} took too long`));
    const timer = startLimit(Math.max(0, end - performance.now()), onElapsed);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** Characters of an invalid entry that a warning shows. */
/** Resolves by a static proxy and its bypass list. */
export function resolveStatic(
  { target, note }: Lookup,
  settings: ProxySettings,
  warnings: readonly WinwireError[],
): ProxyResolution {
  const { source, proxy = '', bypass, ranges } = settings;
  const map = parseProxyMap(proxy);
  const all = [
    ...warnings,
    ...map.invalid.map((entry) => invalidSetting(`the proxy entry ${JSON.stringify(shownText(entry, 60))}`)),
  ];
  const parsed = map[target.scheme];
  const name = 'static proxy';
  if (!parsed) {
    note(name, `none for ${target.scheme}:`);
    return directResolution(source, 'none', all);
  }
  if (isBypassed(target, bypass) || ranges.some((range) => isInRange(target.host, range))) {
    note(name, 'the bypass list names the host');
    return directResolution(source, 'bypass', all);
  }
  const route = markRoute(parsed, source === 'option' ? 'caller' : 'settings');
  const resolution = makeResolution({ routes: [route], source, by: 'static', warnings: all });
  note(name, String(resolution));
  return resolution;
}
