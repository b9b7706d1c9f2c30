/** The proxy settings of Windows: the user's, else the machine's. */
import { WinwireError } from '../errors.ts';
import { HResult } from '../hresult.ts';
import { splitBypassList } from './bypass-list.ts';
import { callProxyFunction, ProxyFunction, watchProxySettings } from './proxy-native.ts';
import { NO_SETTINGS, type ProxySettings } from './proxy-settings.ts';
import { TimedCache } from './timed-cache.ts';
import {
  WinHttpGetDefaultProxyConfiguration,
  WinHttpGetIEProxyConfigForCurrentUser,
} from './winhttp-proxy-functions.ts';
import { type CurrentUserIEProxyConfig, ProxyAccessType } from './winhttp-proxy-types.ts';

/**
 * How long settings are cached, in milliseconds. A change of the registry is noticed at once, but a VPN or dial-up
 * connection that starts or ends has its own settings and writes nothing.
 */
const LIFETIME = 5_000;
const settings = new TimedCache<ProxySettings>(1);
let isWatched = false;
let lastText: string | undefined;

/** Reads the settings, or returns recent ones. `onChange` is called if they differ from the previous ones. */
export async function readWindowsSettings(onChange: () => void): Promise<ProxySettings> {
  watch();
  const read = async () => {
    const found = await readOrWarn();
    const text = JSON.stringify(found);
    if (lastText !== undefined && lastText !== text) onChange();
    lastText = text;
    return found;
  };
  return settings.get('', read, (found) => (found === undefined ? 0 : LIFETIME));
}

/** If no thread can be started for it, changes are noticed after {@link LIFETIME}. */
function watch(): void {
  if (isWatched) return;
  try {
    watchProxySettings(() => settings.clear());
    isWatched = true;
  } catch {}
}

/** A failure of Windows is a warning: the machine may have no settings. */
async function readOrWarn(): Promise<ProxySettings> {
  try {
    return await readSettings();
  } catch (error) {
    if (error instanceof WinwireError) return { ...NO_SETTINGS, warnings: [error] };
    throw error;
  }
}

/** The user's settings come first; the machine's are for accounts without settings, such as those of services. */
async function readSettings(): Promise<ProxySettings> {
  const [user, [isPerUser]] = await Promise.all([
    readUserConfig(),
    callProxyFunction(ProxyFunction.GET_SETTINGS_PER_USER, [], undefined),
  ]);
  const { autoDetect, autoConfigUrl, proxy, proxyBypass } = user;
  if (!autoDetect && !autoConfigUrl && !proxy) return readMachineSettings();
  return {
    source: isPerUser === false ? 'policy' : 'user',
    autoDetect,
    ...(autoConfigUrl && { pacUrl: autoConfigUrl }),
    ...staticProxy(proxy, proxyBypass),
  };
}

async function readUserConfig(): Promise<CurrentUserIEProxyConfig> {
  try {
    return await WinHttpGetIEProxyConfigForCurrentUser();
  } catch (error) {
    // "No Internet Explorer proxy settings can be found" (Microsoft, WinHttpGetIEProxyConfigForCurrentUser function).
    if (error instanceof WinwireError && error.hresult === HResult.ERROR_FILE_NOT_FOUND) return { autoDetect: false };
    throw error;
  }
}

async function readMachineSettings(): Promise<ProxySettings> {
  const { accessType, proxy, proxyBypass } = await WinHttpGetDefaultProxyConfiguration();
  if (accessType !== ProxyAccessType.NAMED_PROXY || !proxy) return NO_SETTINGS;
  return { source: 'machine', autoDetect: false, ...staticProxy(proxy, proxyBypass) };
}

const staticProxy = (proxy: string | undefined, proxyBypass = '') => ({
  ...(proxy && { proxy }),
  bypass: splitBypassList(proxyBypass),
  ranges: [],
  warnings: [],
});
