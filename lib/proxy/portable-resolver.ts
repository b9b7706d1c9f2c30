/** Settings and scripts without Windows: the settings of macOS and GNOME, scripts in QuickJS. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { WinwireError } from '../errors.ts';
import { shownText, shownUrl } from '../shown-text.ts';
import { validUrl } from '../valid-url.ts';
import { readGnomeSettings } from './gnome-settings.ts';
import { readMacosSettings } from './macos-settings.ts';
import { PAC_LIMITS } from './pac-protocol.ts';
import { proxyFailure } from './proxy-errors.ts';
import type { ProxyResolver, ScriptAnswer } from './proxy-resolver.ts';
import { NO_SETTINGS, type ProxySettings } from './proxy-settings.ts';
import type { RequestTarget } from './request-target.ts';
import { parsePacAnswer } from './route-text.ts';
import { loadScript } from './script-source.ts';
import { TimedCache } from './timed-cache.ts';

// The well-known name of the Web Proxy Auto-Discovery Protocol; the resolver adds the machine's domain.
const WPAD_URL = 'http://wpad/wpad.dat';

export const portableResolver: ProxyResolver = {
  name: 'portable',

  readSettings: () => settings.get('', readSystemSettings, () => SETTINGS_LIFETIME),

  async askScript({ url: pacUrl, namedBy }, target) {
    const url = parseScriptUrl(pacUrl ?? WPAD_URL);
    const script = await loadScript(url, namedBy === 'wpad');
    return ask(url, script, target);
  },
};

/** How long settings are cached, in milliseconds: reading them starts a process. */
const SETTINGS_LIFETIME = 5_000;
const settings = new TimedCache<ProxySettings>(1);

/** Unreadable settings cause a warning: the machine may have none. */
async function readSystemSettings(): Promise<ProxySettings> {
  try {
    if (process.platform === 'darwin') return await readMacosSettings();
    return process.platform === 'win32' ? NO_SETTINGS : await readGnomeSettings();
  } catch (error) {
    if (error instanceof WinwireError) return { ...NO_SETTINGS, warnings: [error] };
    throw error;
  }
}

/** The URL in the settings may be invalid. */
function parseScriptUrl(text: string): URL {
  const url = validUrl(text);
  if (url) return url;
  throw proxyFailure('ERROR_WINHTTP_UNABLE_TO_DOWNLOAD_SCRIPT', 'the settings name a script by an invalid URL');
}

/** The reason why no worker could be started. */
const workerDetail = (error: Error): string =>
  (error as { code?: unknown }).code === 'ERR_ACCESS_DENIED'
    ? 'a proxy script runs in a worker thread: pass --allow-worker to node'
    : `the worker thread for proxy scripts could not be started: ${error.message}`;

let engine: Promise<typeof import('./pac-engine.ts')> | undefined;

/** Loaded here: most programs never run a script. The start of a thread gets another turn of the event loop. */
function loadEngine(): Promise<typeof import('./pac-engine.ts')> {
  engine ??= import('./pac-engine.ts').then((loaded) => nextTurn().then(() => loaded));
  return engine;
}

async function ask(
  url: URL,
  script: Awaited<ReturnType<typeof loadScript>>,
  target: RequestTarget,
): Promise<ScriptAnswer> {
  const { runPac } = await loadEngine();
  const result = await runPac(script, target.origin, target.host).catch((error: Error) => {
    throw proxyFailure('ERROR_WINHTTP_INTERNAL_ERROR', workerDetail(error), error);
  });
  // A script may throw, and quote, what has a password.
  const failure = (message: string) =>
    proxyFailure('ERROR_WINHTTP_BAD_AUTO_PROXY_SCRIPT', `${shownUrl(url)}: ${message.replace(/\S*@/g, '***@')}`);
  if (result.kind === 'bad-script') throw failure(result.message);
  const shown = shownUrl(url);
  if (result.kind === 'failed')
    return { routes: parsePacAnswer('').routes, pacUrl: shown, warnings: [failure(result.message)] };
  const isCut = result.text.length > PAC_LIMITS.answer;
  const { routes, invalid } = parsePacAnswer(isCut ? result.text.replace(/;[^;]*$/, '') : result.text);
  const warnings = invalid.map((entry) =>
    failure(`it answered ${JSON.stringify(shownText(entry, 60))}, which names no proxy`),
  );
  if (isCut && warnings.length === 0)
    warnings.push(failure(`it answered more than ${PAC_LIMITS.answer} characters; the rest is ignored`));
  return { routes, pacUrl: shown, warnings };
}
