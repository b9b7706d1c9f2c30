/** The part of a URL that determines its proxy. */
import { invalidArgumentType, invalidArgumentValue } from '../errors.ts';
import { validUrl } from '../valid-url.ts';

/** A URL's origin, for bypass rules and scripts. */
export interface RequestTarget {
  /** ws: and wss: count as http: and https:. */
  readonly scheme: 'http' | 'https';
  /** In lower case, without brackets and trailing dot. */
  readonly host: string;
  readonly port: number;
  /** `https://example.org/`: a script gets no path, query or user information. */
  readonly origin: string;
}

const SCHEMES: Readonly<Record<string, RequestTarget['scheme']>> = {
  'http:': 'http',
  'https:': 'https',
  'ws:': 'http',
  'wss:': 'https',
};

/**
 * Parses a URL for a proxy look-up.
 *
 * @throws {TypeError} ERR_INVALID_ARG_TYPE or ERR_INVALID_ARG_VALUE for anything but an absolute http:, https:, ws: or
 *   wss: URL.
 */
export function parseTarget(url: unknown): RequestTarget {
  if (typeof url !== 'string' && !(url instanceof URL)) throw invalidArgumentType('url', 'a string or a URL', url);
  const parsed = validUrl(String(url));
  const scheme = parsed && SCHEMES[parsed.protocol];
  if (parsed === undefined || scheme === undefined || parsed.hostname === '') {
    throw invalidArgumentValue(
      'url',
      'an absolute URL with http:, https:, ws: or wss:',
      parsed ? parsed.protocol : 'another string',
    );
  }
  const defaultPort = scheme === 'https' ? 443 : 80;
  const port = parsed.port === '' ? defaultPort : Number(parsed.port);
  const host = parsed.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  const place = port === defaultPort ? parsed.hostname : `${parsed.hostname}:${port}`;
  return { scheme, host, port, origin: `${scheme}://${place}/` };
}
