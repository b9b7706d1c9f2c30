/** URLs as Open takes them: nothing is normalized, so that what is sent is what was given. */
import { isIPv6 } from 'node:net';
import { domainToASCII } from 'node:url';
import { HResult } from '../../hresult.ts';

/** A URL in its parts; path and query are as they were written. */
export interface RequestUrl {
  /** As it was given. */
  readonly href: string;
  readonly secure: boolean;
  readonly userName: string | undefined;
  readonly password: string;
  /** Without the brackets of an IPv6 address; names beyond ASCII in their ASCII form. */
  readonly host: string;
  readonly port: number;
  /** Value of the Host header: without the zone of an IPv6 address, and with the port only if it is not the scheme's. */
  readonly authority: string;
  /** Scheme, host and port: whom a connection is with. */
  readonly origin: string;
  readonly path: string;
  /** With its question mark; empty if there is none. */
  readonly query: string;
}

/** The HRESULT that says what is wrong with a URL. */
type UrlError = number;

const SCHEME = /^([a-z][a-z0-9+.-]*):/i;
const PARTS = /^https?:\/\/(?:([^/?#]*)@)?(\[[^\]]*\]|[^/?#:@]*)(?::(\d*))?(\/[^?#]*)?(\?[^#]*)?(?:#.*)?$/is;
const PLAIN_HOST = /^[a-z0-9._-]+$/i;
const MAX_PORT = 65_535;

/** Takes a URL apart. A fragment stays behind: it is no part of a request (RFC 9110 section 7.1). */
export function parseUrl(href: string): RequestUrl | UrlError {
  const scheme = SCHEME.exec(href)?.[1]?.toLowerCase();
  if (scheme !== 'http' && scheme !== 'https') return HResult.ERROR_WINHTTP_UNRECOGNIZED_SCHEME;
  const parts = PARTS.exec(href);
  if (!parts) return HResult.ERROR_WINHTTP_INVALID_URL;
  const [, user, rawHost = '', rawPort, path, query = ''] = parts;
  const secure = scheme === 'https';
  const host = hostOf(rawHost);
  const usual = secure ? 443 : 80;
  const port = rawPort ? Number(rawPort) : usual;
  if (host === undefined || port > MAX_PORT) return HResult.ERROR_WINHTTP_INVALID_URL;
  const bracketed = host.includes(':') ? `[${host}]` : host;
  const suffix = port === usual ? '' : `:${port}`;
  // RFC 6874 section 1: a zone means something on this machine only.
  const authority = `${bracketed.replace(/%.*\]/, ']')}${suffix}`;
  const [userName, password] = user === undefined ? [undefined, ''] : userOf(user);
  const origin = `${scheme}://${bracketed}${suffix}`;
  return { href, secure, userName, password, host, port, authority, origin, path: path ?? '/', query };
}

function hostOf(text: string): string | undefined {
  if (text.startsWith('[')) {
    // RFC 6874: the % of a zone is written %25 in a URL; Windows takes it as it is, too.
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
