/** Compares the length of a body with its head. */
import type { WinwireError } from '../errors.ts';
import { HResult } from '../hresult.ts';
import type { ResponseHeaders } from './response-headers.ts';
import { failureOf } from './winhttp-errors.ts';

interface Head {
  readonly status: number;
  readonly headers: ResponseHeaders;
}

/**
 * Returns the failure of a response whose connection ended before its body; `undefined` if the body is complete or its
 * length unknown. Content-Length counts the bytes as received: neither backend decompresses.
 * Source: RFC 9110 section 8.6, RFC 9112 section 6.3.
 */
export function shortBody(method: string, head: Head, received: number): WinwireError | undefined {
  const length = promisedLength(method, head);
  if (length === undefined || received >= length) return undefined;
  const detail = `the body is shorter than Content-Length: ${received} of ${length} bytes`;
  return failureOf('Send', HResult.ERROR_WINHTTP_CONNECTION_ERROR, { detail });
}

function promisedLength(method: string, { status, headers }: Head): number | undefined {
  if (method === 'HEAD' || status < 200 || status === 204 || status === 304) return undefined;
  if (headers.has('Transfer-Encoding')) return undefined;
  const values = new Set(headers.getAll('Content-Length').flatMap((value) => value.split(/\s*,\s*/)));
  const [value = ''] = values;
  return values.size === 1 && /^\d+$/.test(value) ? Number(value) : undefined;
}
