/** Error texts for failed members of IWinHttpRequest: what was passed, and what to pass instead. */
import { WinwireError } from '../../errors.ts';
import { shownText, shownUrl } from '../../shown-text.ts';
import type { RequestSpec } from '../request-object.ts';
import { WinHttpRequestOption } from './winhttp-types.ts';

/** Returns the advice for the code of a failed member; undefined if the code says enough. */
type Advice = (code: string, syscall: string) => string | undefined;

/** Adds advice to the error of a call, unless the error has its own detail. */
export function advised<T>(call: Promise<T>, advice: Advice): Promise<T> {
  return call.catch((error: unknown) => {
    throw withAdvice(error, advice);
  });
}

export function withAdvice(error: unknown, advice: Advice): unknown {
  if (!(error instanceof WinwireError)) return error;
  const { syscall, hresult, cause } = error;
  const hasDetail = error.message !== new WinwireError(syscall, hresult).message;
  const detail = hasDetail ? undefined : advice(error.code, syscall);
  return detail === undefined ? error : new WinwireError(syscall, hresult, { detail, cause });
}

const URL_CODES = ['ERROR_WINHTTP_INVALID_URL', 'ERROR_WINHTTP_UNRECOGNIZED_SCHEME'];
const URL_FORM = 'pass an absolute http: or https: URL, such as https://example.org/';

export const openAdvice =
  (method: string | null, url: string | null): Advice =>
  (code) => {
    if (URL_CODES.includes(code)) return `received ${JSON.stringify(shownUrl(url ?? '').slice(0, 80))}; ${URL_FORM}`;
    if (code !== 'E_INVALIDARG') return undefined;
    if (url === null) return `the URL is missing: ${URL_FORM}`;
    return method === null ? 'the method is missing: pass "GET", "POST" or another' : methodText(method);
  };

const methodText = (method: string): string => `the method ${JSON.stringify(shownText(method, 40))} is not a token`;

export const optionAdvice =
  (id: number, value?: unknown): Advice =>
  (code) => {
    const [name] = Object.entries(WinHttpRequestOption).find(([, option]) => option === id) ?? [];
    if (name === undefined) return `there is no option ${id}`;
    if (code === 'ERROR_WINHTTP_OPTION_NOT_SETTABLE') return `${name} is read-only: pass the URL to open`;
    const isValue =
      code === 'E_INVALIDARG' || code === 'DISP_E_TYPEMISMATCH' || code === 'ERROR_WINHTTP_INVALID_OPTION';
    if (!isValue) return undefined;
    return value === undefined
      ? `${name} cannot be read`
      : `${name} does not take ${JSON.stringify(typeof value === 'string' ? shownText(value) : value)}`;
  };

export const proxyAdvice =
  (setting: number): Advice =>
  (code) =>
    code === 'E_INVALIDARG' ? `the setting is ${setting}; pass 0 or 1 (PRECONFIG, DIRECT) or 2 (PROXY)` : undefined;

export const credentialsAdvice =
  (target: number): Advice =>
  (code) =>
    code === 'E_INVALIDARG'
      ? `pass a user name, a password, and as target 0 (server) or 1 (proxy), not ${target}`
      : undefined;

export const timeoutsAdvice =
  (...timeouts: readonly number[]): Advice =>
  (code) =>
    code === 'E_INVALIDARG' ? `received ${timeouts.join(', ')}; pass milliseconds, 0 or -1 for no limit` : undefined;

export const policyAdvice =
  (policy: number): Advice =>
  (code) =>
    code === 'E_INVALIDARG'
      ? `the policy is ${policy}; pass 0 (Always), 1 (OnlyIfBypassProxy) or 2 (Never)`
      : undefined;

/** For a member with one required argument. */
export const requiredAdvice =
  (name: string, value: unknown): Advice =>
  (code) =>
    code === 'E_INVALIDARG' && (value === null || value === undefined) ? `"${name}" is missing` : undefined;

/** For a whole request, whose error contains the failed member. */
export const requestAdvice =
  (spec: RequestSpec): Advice =>
  (code, syscall) =>
    adviceOf(spec, syscall)?.(code, syscall);

function adviceOf(spec: RequestSpec, syscall: string): Advice | undefined {
  const { method, url, proxy, timeouts, autoLogonPolicy: policy, credentials } = spec;
  switch (syscall.replace('IWinHttpRequest::', '')) {
    case 'Open':
      return openAdvice(method, url);
    case 'SetProxy':
      return proxy && proxyAdvice(proxy[0]);
    case 'SetTimeouts':
      return timeouts && timeoutsAdvice(...timeouts);
    case 'SetAutoLogonPolicy':
      return policy === undefined ? undefined : policyAdvice(policy);
    case 'SetCredentials':
      return credentialsAdvice(credentials.map(([, , target]) => target).find((target) => target > 1) ?? 0);
    case 'Option':
      return () => `in options: ${JSON.stringify(namedOptions(spec))}`;
    default:
      return undefined;
  }
}

function namedOptions({ options }: RequestSpec): Record<string, unknown> {
  const nameOf = (id: number) => Object.entries(WinHttpRequestOption).find(([, option]) => option === id)?.[0] ?? id;
  return Object.fromEntries(options.map(([id, value]) => [nameOf(id), value]));
}
