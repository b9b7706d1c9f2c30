/** What a request asks for: a tunnel, or a request of http: that is forwarded. */

import { validUrl } from '../valid-url.ts';
import { badRequest, Refusal } from './refusal.ts';
import type { RequestHead } from './request-reader.ts';

/** The target of a request. */
export interface ForwardTarget {
  /** In lower case, without brackets; an address in its usual form. */
  readonly host: string;
  readonly port: number;
  /** The origin, for the look-up of a proxy. */
  readonly url: URL;
}

/** A CONNECT request. */
export interface TunnelPlan extends ForwardTarget {
  readonly kind: 'tunnel';
}

/** A request of http: with its URL in the request line. */
export interface HttpPlan extends ForwardTarget {
  readonly kind: 'http';
  /** The value of Host. */
  readonly authority: string;
  /** Path and query, as received. */
  readonly path: string;
  readonly framing: Framing;
}

/** How the end of a request's body is found: its length in bytes, or chunks. */
export type Framing = number | 'chunked';

/**
 * Validates a request (RFC 9112 sections 3 and 6, RFC 9110 sections 7.2 and 9.3).
 *
 * @throws {Refusal}
 */
export function planRequest(head: RequestHead): TunnelPlan | HttpPlan {
  const { method } = head;
  if (method === 'TRACE') {
    const allowed = 'GET, HEAD, POST, PUT, DELETE, CONNECT, OPTIONS, PATCH';
    throw new Refusal(405, 'TRACE is not forwarded: it would return what the client sends.', [`Allow: ${allowed}`]);
  }
  const framing = framingOf(head);
  return method === 'CONNECT' ? planTunnel(head, framing) : planHttp(head, framing);
}

function planTunnel(head: RequestHead, framing: Framing): TunnelPlan {
  const { target } = head;
  const wanted = 'CONNECT takes a host and a port, such as example.org:443';
  if (target.includes('@')) throw badRequest(`${wanted}, without a user name.`);
  if (/[/?#]/.test(target)) throw badRequest(`${wanted}, without a scheme or a path.`);
  const { host, port } = parseAuthority(target);
  if (port === undefined) throw badRequest(`${wanted}.`);
  checkHost(head, host, port, true);
  if (framing !== 0) throw badRequest('CONNECT has no body.');
  const scheme = port === 80 ? 'http' : 'https';
  return { kind: 'tunnel', host: withoutBrackets(host), port, url: new URL(`${scheme}://${host}:${port}/`) };
}

function planHttp(head: RequestHead, framing: Framing): HttpPlan {
  const { target } = head;
  const [, scheme, authority = '', path = ''] = /^([a-z][a-z\d+.-]*):\/\/([^/?#]*)(.*)$/i.exec(target) ?? [];
  if (scheme === undefined) {
    throw badRequest(
      'This is a proxy, not a server: a request names the whole URL, http://host/path, or is a CONNECT.',
    );
  }
  if (scheme.toLowerCase() !== 'http') throw badRequest(`A URL of ${scheme}: goes through this proxy by CONNECT.`);
  if (authority.includes('@')) throw badRequest('The URL of a request has no user name.');
  if (path.includes('#')) throw badRequest('The URL of a request has no fragment.');
  const { host, port = 80 } = parseAuthority(authority);
  checkHost(head, host, port, false);
  if (head.first('upgrade') !== undefined || head.list('connection').includes('upgrade')) {
    throw new Refusal(501, 'Upgrade is not forwarded: open a WebSocket through this proxy by CONNECT, ws: too.');
  }
  const url = new URL(`http://${host}:${port}/`);
  return {
    ...{ kind: 'http', host: withoutBrackets(host), port, url, framing },
    authority: url.host,
    path: path.startsWith('/') ? path : pathFor(head.method, path),
  };
}

/** RFC 9112 section 3.2.4: OPTIONS of a URL without a path asks about the whole server. */
const pathFor = (method: string, query: string): string => (method === 'OPTIONS' && query === '' ? '*' : `/${query}`);

const AUTHORITY = /^(\[[\da-f:.]+\]|[\w.-]{1,253})(?::(\d{1,5}))?$/i;

/** `host` has brackets, and the form that the class URL gives it. */
function parseAuthority(text: string): { host: string; port: number | undefined } {
  const [, name, digits] = AUTHORITY.exec(text) ?? [];
  const url = name === undefined ? undefined : validUrl(`http://${name}/`);
  const port = digits === undefined ? undefined : Number(digits);
  if (!url || port === 0 || (port ?? 0) > 0xffff) throw badRequest('The host or the port of the request is invalid.');
  return { host: url.hostname, port };
}

const withoutBrackets = (host: string): string => host.replace(/^\[|\]$/g, '');

/** A Host that names another server than the request line would reach a virtual host past a filter. */
function checkHost(head: RequestHead, host: string, port: number, isTunnel: boolean): void {
  const [value, ...others] = head.all('host');
  if (others.length > 0) throw badRequest('The request has more than one Host.');
  if (value === undefined) {
    if (head.isVersion10) return;
    throw badRequest('The request has no Host.');
  }
  const named = parseAuthority(value);
  const isSamePort = named.port === undefined ? isTunnel || port === 80 : named.port === port;
  if (named.host !== host || !isSamePort) throw badRequest('Host names another server than the request line.');
}

/** RFC 9112 section 6.3, without what readers could understand in two ways. */
function framingOf(head: RequestHead): Framing {
  const codings = head.all('transfer-encoding');
  const lengths = head.all('content-length');
  if (codings.length > 0 && lengths.length > 0) {
    throw badRequest('The request has both Content-Length and Transfer-Encoding.');
  }
  if (codings.length > 0) return chunkedOf(head, codings);
  const [length = '0', ...others] = lengths;
  if (others.length > 0 || !/^\d{1,15}$/.test(length)) throw badRequest('Content-Length is not one number.');
  return Number(length);
}

function chunkedOf(head: RequestHead, codings: readonly string[]): 'chunked' {
  if (head.isVersion10) throw badRequest('A request of HTTP/1.0 has no Transfer-Encoding.');
  const names = head.list('transfer-encoding');
  if (names.length === 1 && codings.length === 1 && names[0] === 'chunked') return 'chunked';
  if (names.length === 0 || names.slice(0, -1).includes('chunked') || codings.length > 1) {
    throw badRequest('Transfer-Encoding is invalid.');
  }
  throw new Refusal(501, 'The only Transfer-Encoding of a request is chunked.');
}
