/** The errors and warnings of proxy resolution. */
import { WinwireError } from '../errors.ts';
import { HResult } from '../hresult.ts';

const SYSCALL = 'resolveProxy';

/** The failures of proxy resolution. Source: Microsoft, "Error Messages (Winhttp.h)". */
type ProxyFailure = Extract<
  keyof typeof HResult,
  | 'E_INVALIDARG'
  | 'ERROR_NOT_SUPPORTED'
  | 'ERROR_WINHTTP_INTERNAL_ERROR'
  | 'ERROR_WINHTTP_TIMEOUT'
  | 'ERROR_WINHTTP_BAD_AUTO_PROXY_SCRIPT'
  | 'ERROR_WINHTTP_UNABLE_TO_DOWNLOAD_SCRIPT'
>;

/** Creates a failure of proxy resolution; `detail` names the URL or setting. */
export function proxyFailure(name: ProxyFailure, detail: string, cause?: unknown): WinwireError {
  return new WinwireError(SYSCALL, HResult[name], cause === undefined ? { detail } : { detail, cause });
}

/** Creates the warning about an ignored, invalid entry of the settings. */
export function invalidSetting(what: string): WinwireError {
  return proxyFailure('E_INVALIDARG', `${what} is invalid and ignored`);
}
