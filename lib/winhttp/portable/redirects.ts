/** Where a response sends a request on to. Source: RQ statements on redirects; RFC 9110 section 15.4. */

import type { ResponseHead } from '../../http1/response-head.ts';
import { Code } from '../../winhttp-hresults.ts';
import { parseUrl, type RequestUrl } from './url.ts';

export interface RedirectRules {
  readonly follow: boolean;
  readonly max: number;
  /** Option 12. */
  readonly httpsToHttp: boolean;
}

/** What follows a response: nothing, another request, or a failure with its HRESULT. */
type Next =
  | { readonly kind: 'final' }
  | { readonly kind: 'follow'; readonly url: RequestUrl; readonly method: string; readonly keepsBody: boolean }
  | { readonly kind: 'failure'; readonly hresult: number; readonly detail: string };

const FINAL: Next = { kind: 'final' };

/** Decides on a response to the request after so many redirects. */
export function nextRequest(
  head: ResponseHead,
  url: RequestUrl,
  method: string,
  hops: number,
  rules: RedirectRules,
): Next {
  const { status } = head;
  if (status < 300 || status > 308 || !rules.follow || !isRedirect(status)) return FINAL;
  const location = head.first('location');
  if (location === undefined)
    return status === 300 ? FINAL : failure(Code.ERROR_WINHTTP_HEADER_NOT_FOUND, `${status} without Location`);
  if (hops >= rules.max) return failure(Code.ERROR_WINHTTP_REDIRECT_FAILED, `more than ${rules.max} redirects`);
  const target = resolve(location, url);
  if (typeof target === 'number') return failure(target, `Location: ${location}`);
  if (url.secure && !target.secure && !rules.httpsToHttp) return FINAL;
  const becomesGet = status <= 303 && method === 'POST';
  return { kind: 'follow', url: target, method: becomesGet ? 'GET' : method, keepsBody: !becomesGet };
}

const isRedirect = (status: number): boolean => (status >= 300 && status <= 303) || status === 307 || status === 308;

function failure(hresult: number, detail: string): Next {
  return { kind: 'failure', hresult, detail };
}

/** A Location, which may be relative, and whose bytes may be UTF-8, as a URL. */
function resolve(location: string, base: RequestUrl): RequestUrl | number {
  const bytes = Buffer.from(location, 'latin1');
  const text = bytes.toString();
  const written = Buffer.from(text).equals(bytes) ? text : location;
  try {
    return parseUrl(new URL(written, base.href).href);
  } catch {
    return Code.ERROR_WINHTTP_INVALID_URL;
  }
}
