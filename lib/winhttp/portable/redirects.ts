/** Decides whether and where a redirect is followed. Source: RQ statements on redirects; RFC 9110 section 15.4. */

import { HResult } from '../../hresult.ts';
import type { ResponseHead } from '../../http1/response-head.ts';
import { parseUrl, type RequestUrl } from './url.ts';

export interface RedirectRules {
  readonly follow: boolean;
  readonly max: number;
  /** Option 12. */
  readonly httpsToHttp: boolean;
}

/** The continuation after a response: nothing, another request, or a failure with its HRESULT. */
type Next =
  | { readonly kind: 'final' }
  | { readonly kind: 'follow'; readonly url: RequestUrl; readonly method: string; readonly keepsBody: boolean }
  | { readonly kind: 'failure'; readonly hresult: number; readonly detail: string };

const FINAL: Next = { kind: 'final' };

/** Decides about a response after the given number of redirects. */
export function nextRequest(
  head: ResponseHead,
  url: RequestUrl,
  method: string,
  hops: number,
  rules: RedirectRules,
): Next {
  const { status } = head;
  if (status < 300 || status > 308 || !rules.follow || !isRedirect(status)) return FINAL;
  // A blank Location would lead to the same URL again: treated as missing [assumed].
  const location = head.first('location') || undefined;
  if (location === undefined)
    return status === 300 ? FINAL : failure(HResult.ERROR_WINHTTP_HEADER_NOT_FOUND, `${status} without Location`);
  if (hops >= rules.max) return failure(HResult.ERROR_WINHTTP_REDIRECT_FAILED, `more than ${rules.max} redirects`);
  const target = resolve(location, url);
  if (typeof target === 'number') return failure(target, `Location: ${shown(location)}`);
  if (url.secure && !target.secure && !rules.httpsToHttp) return FINAL;
  const becomesGet = status <= 303 && method === 'POST';
  return { kind: 'follow', url: target, method: becomesGet ? 'GET' : method, keepsBody: !becomesGet };
}

const isRedirect = (status: number): boolean => (status >= 300 && status <= 303) || status === 307 || status === 308;

/** Without what may be secret: user and query. */
function shown(location: string): string {
  const text = location.replace(/^([a-z][a-z0-9+.-]*:)?\/\/[^/?#]*@/i, '$1//').replace(/[?#].*/s, '');
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}

const MAX_SHOWN = 80;

function failure(hresult: number, detail: string): Next {
  return { kind: 'failure', hresult, detail };
}

const SCHEME = /^[a-z][a-z0-9+.-]*:/i;
/** Placeholder host for resolving a relative reference: Open accepts hosts that the class URL rejects. */
const ANY_HOST = 'host.invalid';

/** Resolves a Location, which may be relative and contain UTF-8. Hosts are parsed as Open does. */
function resolve(location: string, base: RequestUrl): RequestUrl | number {
  const bytes = Buffer.from(location, 'latin1');
  const text = bytes.toString();
  const written = Buffer.from(text).equals(bytes) ? text : location;
  if (SCHEME.test(written)) return parseUrl(written);
  if (written.startsWith('//')) return parseUrl(`${base.secure ? 'https' : 'http'}:${written}`);
  const { host, pathname, search } = new URL(written, `http://${ANY_HOST}${base.path}${base.query}`);
  // A leading backslash or tab can hide the two slashes of a host.
  return host === ANY_HOST ? parseUrl(`${base.origin}${pathname}${search}`) : HResult.ERROR_WINHTTP_INVALID_URL;
}
