/** Parses URLs as Open does: without normalizing, so that the given text is sent. */
import { isIPv6 } from 'node:net';
import { domainToASCII } from 'node:url';
import { HResult } from '../../hresult.ts';
import type { RequestTarget } from '../../proxy/request-target.ts';

/** The parts of a URL; path and query as they were written. */
export interface RequestUrl {
  /** The given text. */
  readonly href: string;
  readonly secure: boolean;
  readonly userName: string | undefined;
  readonly password: string;
  /** Without the brackets of an IPv6 address; names beyond ASCII in their ASCII form. */
  readonly host: string;
  readonly port: number;
  /** Value of the Host header: without the zone of an IPv6 address, and without the default port. */
  readonly authority: string;
  /** Scheme, host and port, which identify a connection. */
  readonly origin: string;
  readonly path: string;
  /** With its question mark; may be empty. */
  readonly query: string;
}

/** The HRESULT that describes the error of a URL. */
type UrlError = number;

const SCHEME = /^https?:/i;
const PARTS = /^(https?):\/\/(?:([^/?#]*)@)?(\[[^\]]*\]|[^/?#:@]*)(?::(\d*))?(\/[^?#]*)?(\?[^#]*)?(?:#.*)?$/is;
const PLAIN_HOST = /^[a-z0-9._-]+$/i;
const MAX_PORT = 65_535;

/** Parses a URL and drops its fragment, which is not part of a request (RFC 9110 section 7.1). */
export function parseUrl(href: string): RequestUrl | UrlError {
  const parts = PARTS.exec(href);
  if (!parts) return SCHEME.test(href) ? HResult.ERROR_WINHTTP_INVALID_URL : HResult.ERROR_WINHTTP_UNRECOGNIZED_SCHEME;
  const [, scheme = '', user, rawHost = '', rawPort, path, query = ''] = parts;
  const secure = scheme.length === 5;
  const host = hostOf(rawHost);
  const defaultPort = secure ? 443 : 80;
  const port = rawPort ? Number(rawPort) : defaultPort;
  if (host === undefined || port > MAX_PORT) return HResult.ERROR_WINHTTP_INVALID_URL;
  const bracketed = host.includes(':') ? `[${host}]` : host;
  const suffix = port === defaultPort ? '' : `:${port}`;
  // RFC 6874 section 1: a zone has a meaning on this machine only.
  const authority = `${host.includes('%') ? bracketed.replace(/%.*\]/, ']') : bracketed}${suffix}`;
  const [userName, password] = user === undefined ? [undefined, ''] : userOf(user);
  const origin = `${secure ? 'https' : 'http'}://${bracketed}${suffix}`;
  return { href, secure, userName, password, host, port, authority, origin, path: path ?? '/', query };
}

/** The part of a URL that decides about its proxy. */
export function targetOf({ secure, host, port, origin }: RequestUrl): RequestTarget {
  return { scheme: secure ? 'https' : 'http', host: host.replace(/\.$/, ''), port, origin: `${origin}/` };
}

function hostOf(text: string): string | undefined {
  if (text.startsWith('[')) {
    // RFC 6874: the % of a zone is written %25 in a URL; Windows also accepts it unescaped.
    const address = text.slice(1, -1).replace('%25', '%');
    return isIPv6(address) ? address : undefined;
  }
  if (PLAIN_HOST.test(text)) return text.toLowerCase();
  return domainToASCII(text) || undefined;
}

function userOf(text: string): [userName: string, password: string] {
  const colon = text.indexOf(':');
  return colon < 0 ? [decoded(text), ''] : [decoded(text.slice(0, colon)), decoded(text.slice(colon + 1))];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
