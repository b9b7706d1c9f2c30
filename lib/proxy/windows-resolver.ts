/** The machine's settings, and scripts, by winhttp.dll. */
import { AbortError } from '../abort-signal.ts';
import { WinwireError } from '../errors.ts';
import { HResult } from '../hresult.ts';
import { shownText, shownUrl } from '../shown-text.ts';
import { validUrl } from '../valid-url.ts';
import { forgetAnswers } from './answer-cache.ts';
import { portableResolver } from './portable-resolver.ts';
import { proxyFailure } from './proxy-errors.ts';
import { callProxyFunction, isProxyResolverOfWine, type NativeAnswer, ProxyFunction } from './proxy-native.ts';
import type { ProxyResolver, ScriptAnswer, ScriptSource } from './proxy-resolver.ts';
import type { RequestTarget } from './request-target.ts';
import { DIRECT, parsePacAnswer } from './route-text.ts';
import { forgetScripts } from './script-source.ts';
import { readWindowsSettings } from './windows-settings.ts';
import { AutoDetectType, AutoProxyFlag, ProxyAccessType } from './winhttp-proxy-types.ts';

/**
 * Under Wine each script runs in the portable engine first, and winhttp.dll is called only after success: Wine ends the
 * process if a script does not return a string, and never ends a script (measured, Wine 8.0).
 */
export const windowsResolver: ProxyResolver = {
  name: 'system',

  readSettings: () => readWindowsSettings(forgetEverything),

  async askScript(script, target) {
    // winhttp.dll downloads by http: and https: only.
    if (script.url !== undefined && !/^https?:/i.test(script.url)) return portableResolver.askScript(script, target);
    if (isProxyResolverOfWine()) {
      const answer = await portableResolver.askScript(script, target);
      if (answer.warnings.length > 0) return answer;
    }
    try {
      return scriptAnswer(script, await askWithIdentity(script, target));
    } catch (error) {
      return afterFailure(error, script);
    }
  },
};

function forgetEverything(): void {
  forgetAnswers();
  forgetScripts();
}

/**
 * Calls without the user's identity. A server that requires it gets it if the settings contain the script, never if
 * WPAD found it: any machine on the network can answer WPAD.
 */
async function askWithIdentity(script: ScriptSource, target: RequestTarget): Promise<NativeAnswer> {
  try {
    return await ask(script, target, false);
  } catch (error) {
    const isRefused = error instanceof WinwireError && error.hresult === HResult.ERROR_WINHTTP_LOGIN_FAILURE;
    if (!isRefused || script.namedBy !== 'settings') throw error;
    return ask(script, target, true);
  }
}

/** Milliseconds for a script with its download, and for WPAD, which first uses DHCP and DNS. */
const SCRIPT_LIMIT = 10_000;
const WPAD_LIMIT = 30_000;

async function ask({ url }: ScriptSource, target: RequestTarget, autoLogon: boolean): Promise<NativeAnswer> {
  const flags = url === undefined ? AutoProxyFlag.AUTO_DETECT : AutoProxyFlag.CONFIG_URL;
  const autoDetectFlags = url === undefined ? AutoDetectType.DHCP | AutoDetectType.DNS_A : 0;
  const limit = url === undefined ? WPAD_LIMIT : SCRIPT_LIMIT;
  const query = [flags, autoDetectFlags, target.origin, url, autoLogon];
  try {
    return await callProxyFunction(ProxyFunction.RESOLVE, query, AbortSignal.timeout(limit));
  } catch (error) {
    if (!(error instanceof AbortError)) throw error;
    throw proxyFailure('ERROR_WINHTTP_TIMEOUT', `no answer of winhttp.dll within ${limit / 1000} s`);
  }
}

/** The resolver returns routes as a script writes them, WinHttpGetProxyForUrl a WINHTTP_PROXY_INFO. */
function scriptAnswer({ url }: ScriptSource, answer: NativeAnswer): ScriptAnswer {
  const { routes, invalid } = parsePacAnswer(answer.length === 1 ? String(answer[0]) : routesOfProxyInfo(answer));
  const warnings = invalid.map((entry) =>
    proxyFailure(
      'ERROR_WINHTTP_BAD_AUTO_PROXY_SCRIPT',
      `it answered ${JSON.stringify(shownText(entry, 60))}, which names no proxy`,
    ),
  );
  return { routes, ...shown(url), warnings };
}

function routesOfProxyInfo([accessType, proxy]: NativeAnswer): string {
  if (accessType !== ProxyAccessType.NAMED_PROXY || typeof proxy !== 'string') return 'DIRECT';
  const servers = proxy.split(/[;\s]+/).filter((server) => server !== '');
  return servers.map((server) => `PROXY ${server}`).join(';');
}

function shown(text = ''): { pacUrl?: string } {
  const url = validUrl(text);
  return url ? { pacUrl: shownUrl(url) } : {};
}

/** The answers of Wine 8.0 and 10.0 for a script that their JScript cannot run (measured). */
const CANNOT_RUN = [0x800736b7, 0x80070000];

/** A script that fails while it runs counts as direct. */
function afterFailure(error: unknown, { url }: ScriptSource): ScriptAnswer {
  if (error instanceof WinwireError && CANNOT_RUN.includes(error.hresult)) {
    throw proxyFailure('ERROR_WINHTTP_BAD_AUTO_PROXY_SCRIPT', 'Wine cannot run the script', error);
  }
  const hasRun = error instanceof WinwireError && error.hresult === HResult.ERROR_WINHTTP_SCRIPT_EXECUTION_ERROR;
  if (!hasRun) throw error;
  return { routes: [DIRECT], ...shown(url), warnings: [error] };
}
