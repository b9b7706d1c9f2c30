/**
 * The head of a request: lines in the order and spelling of Windows; the caller's headers replace the defaults in
 * place.
 */
import { debuglog } from 'node:util';
import type { AuthHeaders } from './authentication-state.ts';
import type { RequestHeaders } from './headers.ts';

const debug = debuglog('winwire');

/** What all heads of a request have in common. */
interface HeadPlan {
  /** HTTP/1.1, or HTTP/1.0 (option 17). */
  readonly isHttp11: boolean;
  readonly headers: RequestHeaders;
  readonly userAgent: string;
}

interface HeadParts {
  readonly method: string;
  readonly target: string;
  readonly authority: string;
  readonly cookies: string | undefined;
  readonly bodyLength: number | undefined;
  readonly credentials: AuthHeaders;
  /** The connection with the proxy is kept. */
  readonly isProxied: boolean;
}

// Headers with fixed places, or forbidden ones: a wrong length or coding would make the body unreadable.
const PLACED = new Set([
  'connection',
  'content-type',
  'accept',
  'cookie',
  'user-agent',
  'host',
  'content-length',
  'transfer-encoding',
]);
const HAS_BODY = new Set(['POST', 'PUT', 'PATCH']);

/** Returns the request line and all headers, including the empty line. */
export function requestHead({ isHttp11, headers, userAgent }: HeadPlan, parts: HeadParts): string {
  const { method, target, authority } = parts;
  const line = `${method} ${target} HTTP/1.${isHttp11 ? 1 : 0}\r\n`;
  const length = lengthOf(parts);
  const tail = length === undefined ? '' : `Content-Length: ${length}\r\n`;
  const more = ownLines(parts, headers);
  const keep = parts.isProxied ? 'Proxy-Connection' : 'Connection';
  if (headers.isEmpty) {
    return `${line}${keep}: Keep-Alive\r\nAccept: */*\r\nUser-Agent: ${userAgent}\r\n${more}${tail}Host: ${authority}\r\n\r\n`;
  }
  logIgnoredHeaders(headers, length);
  const field = (key: string, name: string, usual: string | undefined) => {
    const value = headers.get(key) ?? usual;
    return value === undefined ? '' : `${name}: ${value}\r\n`;
  };
  let custom = '';
  for (const [key, name, value] of headers) if (!PLACED.has(key)) custom += `${name}: ${value}\r\n`;
  const connection = headers.get('connection');
  return [
    line,
    connection === undefined ? `${keep}: Keep-Alive\r\n` : `Connection: ${connection}\r\n`,
    field('content-type', 'Content-Type', undefined),
    field('accept', 'Accept', '*/*'),
    field('user-agent', 'User-Agent', userAgent),
    custom,
    more,
    tail,
    field('host', 'Host', authority),
    '\r\n',
  ].join('');
}

/** Returns whether the caller asks to close the connection. */
export const wantsClose = (headers: RequestHeaders): boolean => /\bclose\b/i.test(headers.get('connection') ?? '');

function lengthOf({ method, bodyLength }: HeadParts): number | undefined {
  return bodyLength ?? (HAS_BODY.has(method) ? 0 : undefined);
}

/** Headers added by the object: cookies, after the caller's, and credentials, unless the caller has set some. */
function ownLines({ cookies, credentials }: HeadParts, headers: RequestHeaders): string {
  const { authorization, proxyAuthorization } = credentials;
  const manual = headers.get('cookie');
  const cookie = manual !== undefined && cookies !== undefined ? `${manual}; ${cookies}` : (manual ?? cookies);
  let lines = cookie === undefined ? '' : `Cookie: ${cookie}\r\n`;
  if (authorization !== undefined) lines += `Authorization: ${authorization}\r\n`;
  if (proxyAuthorization !== undefined) lines += `Proxy-Authorization: ${proxyAuthorization}\r\n`;
  return lines;
}

function logIgnoredHeaders(headers: RequestHeaders, length: number | undefined): void {
  const given = headers.get('content-length');
  if (given !== undefined && given !== String(length)) debug('Content-Length: %s is not sent: it is %s', given, length);
  const coding = headers.get('transfer-encoding');
  if (coding !== undefined) debug('Transfer-Encoding: %s is not sent: the body is not coded', coding);
}
