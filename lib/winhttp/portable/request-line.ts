/** The first line of a request. */
import type { Plan } from './plan.ts';
import type { RequestUrl } from './url.ts';
import { escapeTarget } from './url-escape.ts';

export interface RequestLine {
  readonly method: string;
  /** The request target: the whole URL for a proxy without a tunnel (RFC 9112 section 3.2.2). */
  readonly target: string;
  /** The target without the server's name. */
  readonly path: string;
}

export function requestLine({ escaping }: Plan, url: RequestUrl, method: string, isProxied: boolean): RequestLine {
  const path = escapeTarget(url.path, url.query, escaping);
  const target = isProxied ? `http://${url.authority}${path}` : path;
  return { method: method === '' ? 'GET' : method, target, path };
}

// RFC 9110 section 9.2.2: only these may be repeated without the caller's knowledge.
const IDEMPOTENT = new Set(['', 'GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);

export const isIdempotent = (method: string): boolean => IDEMPOTENT.has(method);
