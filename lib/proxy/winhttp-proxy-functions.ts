/**
 * The four proxy functions of winhttp.dll, under their own names. Windows may take seconds for each, so they return
 * promises; the calls run on threads of the package, in the package's session. Windows only.
 */
import { argumentOutOfRange, invalidArgumentType, invalidArgumentValue } from '../errors.ts';
import { validateBoolean, validateObject, validateWaitOptions } from '../options.ts';
import { callProxyFunction, type NativeAnswer, ProxyFunction, type ScriptQuery } from './proxy-native.ts';
import type {
  AutoProxyOptions,
  CurrentUserIEProxyConfig,
  ProxyAccessType,
  ProxyCallOptions,
  ProxyInfo,
} from './winhttp-proxy-types.ts';

/**
 * Returns the proxy settings of the current user's active connection: those of Windows' Settings and Internet Options.
 *
 * @throws {BackendUnavailableError} elsewhere than on Windows.
 * @throws {AbortError} when `signal` aborts.
 * @throws {WinwireError} ERROR_FILE_NOT_FOUND without settings, and other errors of Windows.
 *
 * Source: Microsoft, WinHttpGetIEProxyConfigForCurrentUser function (winhttp.h).
 */
export async function WinHttpGetIEProxyConfigForCurrentUser(
  options?: ProxyCallOptions,
): Promise<CurrentUserIEProxyConfig> {
  const signal = validateWaitOptions(options);
  const [autoDetect, autoConfigUrl, ...rest] = await callProxyFunction(
    ProxyFunction.GET_IE_PROXY_CONFIG_FOR_CURRENT_USER,
    [],
    signal,
  );
  return {
    autoDetect: autoDetect as boolean,
    ...(autoConfigUrl !== undefined && { autoConfigUrl: autoConfigUrl as string }),
    ...proxyFields(rest),
  };
}

/**
 * Returns the machine's proxy setting, which `netsh winhttp set proxy` writes.
 *
 * @throws {BackendUnavailableError} elsewhere than on Windows.
 * @throws {AbortError} when `signal` aborts.
 * @throws {WinwireError} with the error of Windows.
 *
 * Source: Microsoft, WinHttpGetDefaultProxyConfiguration function (winhttp.h).
 */
export async function WinHttpGetDefaultProxyConfiguration(options?: ProxyCallOptions): Promise<ProxyInfo> {
  const signal = validateWaitOptions(options);
  return proxyInfo(await callProxyFunction(ProxyFunction.GET_DEFAULT_PROXY_CONFIGURATION, [], signal));
}

/**
 * Runs a proxy script for a URL. Windows downloads the script and caches it for later calls.
 *
 * @param url the URL of the planned request.
 * @throws {TypeError} ERR_INVALID_ARG_TYPE or ERR_INVALID_ARG_VALUE, {RangeError} ERR_OUT_OF_RANGE for arguments.
 * @throws {BackendUnavailableError} elsewhere than on Windows.
 * @throws {AbortError} when `signal` aborts. Windows ends its work later.
 * @throws {WinwireError} ERROR_WINHTTP_AUTODETECTION_FAILED, ERROR_WINHTTP_UNABLE_TO_DOWNLOAD_SCRIPT,
 *   ERROR_WINHTTP_BAD_AUTO_PROXY_SCRIPT, ERROR_WINHTTP_LOGIN_FAILURE, E_INVALIDARG and other errors of Windows.
 *
 * Source: Microsoft, WinHttpGetProxyForUrl function (winhttp.h).
 */
export async function WinHttpGetProxyForUrl(
  url: string | URL,
  autoProxyOptions: AutoProxyOptions,
  options?: ProxyCallOptions,
): Promise<ProxyInfo> {
  const query = scriptQuery(url, autoProxyOptions);
  const signal = validateWaitOptions(options);
  return proxyInfo(await callProxyFunction(ProxyFunction.GET_PROXY_FOR_URL, query, signal));
}

/**
 * Finds the URL of the network's proxy script by WPAD, which may take many seconds.
 *
 * @param flags bits of AutoDetectType.
 * @throws {TypeError} ERR_INVALID_ARG_TYPE, {RangeError} ERR_OUT_OF_RANGE for `flags`.
 * @throws {BackendUnavailableError} elsewhere than on Windows.
 * @throws {AbortError} when `signal` aborts. Windows ends its work later.
 * @throws {WinwireError} ERROR_WINHTTP_AUTODETECTION_FAILED if the network has no script, and other errors of Windows.
 *
 * Source: Microsoft, WinHttpDetectAutoProxyConfigUrl function (winhttp.h).
 */
export async function WinHttpDetectAutoProxyConfigUrl(flags: number, options?: ProxyCallOptions): Promise<string> {
  const bits = validateBits(flags, 'flags');
  const signal = validateWaitOptions(options);
  const [url = ''] = await callProxyFunction(ProxyFunction.DETECT_AUTO_PROXY_CONFIG_URL, [bits], signal);
  return url as string;
}

const AUTO_PROXY_OPTIONS = ['flags', 'autoDetectFlags', 'autoConfigUrl', 'autoLogonIfChallenged'];

/** Returns the arguments of WinHttpGetProxyForUrl for the addon. Windows checks their combination. */
function scriptQuery(url: unknown, options: unknown): ScriptQuery {
  if (typeof options !== 'object' || options === null) {
    throw invalidArgumentType('autoProxyOptions', '{ flags, autoDetectFlags, autoConfigUrl, … }', options);
  }
  const given = validateObject(options, 'autoProxyOptions', { names: AUTO_PROXY_OPTIONS });
  const { flags, autoDetectFlags = 0, autoConfigUrl, autoLogonIfChallenged } = given;
  return [
    validateBits(flags, 'autoProxyOptions.flags'),
    validateBits(autoDetectFlags, 'autoProxyOptions.autoDetectFlags'),
    validateText(url instanceof URL ? url.href : url, 'url'),
    autoConfigUrl === undefined || autoConfigUrl === null
      ? undefined
      : validateText(autoConfigUrl, 'autoProxyOptions.autoConfigUrl'),
    validateBoolean(autoLogonIfChallenged, 'autoProxyOptions.autoLogonIfChallenged'),
  ];
}

function validateBits(value: unknown, name: string): number {
  if (typeof value !== 'number') throw invalidArgumentType(name, 'a number', value);
  if (!Number.isInteger(value) || value < 0 || value > 0xffffffff) {
    throw argumentOutOfRange(name, 'an integer of 32 bits without sign', value);
  }
  return value;
}

/** A NUL would end the string for Windows. */
function validateText(value: unknown, name: string): string {
  if (typeof value !== 'string') throw invalidArgumentType(name, 'a string', value);
  if (value.includes('\0')) throw invalidArgumentValue(name, 'a string without NUL', value);
  return value;
}

function proxyInfo([accessType, ...rest]: NativeAnswer): ProxyInfo {
  return { accessType: accessType as ProxyAccessType, ...proxyFields(rest) };
}

function proxyFields([proxy, proxyBypass]: NativeAnswer): Omit<ProxyInfo, 'accessType'> {
  return {
    ...(proxy !== undefined && { proxy: proxy as string }),
    ...(proxyBypass !== undefined && { proxyBypass: proxyBypass as string }),
  };
}
