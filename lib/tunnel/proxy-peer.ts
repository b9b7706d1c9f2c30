/** A proxy of a route: where it is, who named it, and how errors speak of it. */
import { AuthenticationError } from '../auth/authentication-error.ts';
import { challengesIn } from '../auth/challenges.ts';
import type { AuthPeer } from '../auth/policy.ts';
import type { ResponseHead } from '../http1/response-head.ts';
import type { ProxyResolution, ProxyRoute } from '../proxy/types.ts';
import { type Place, placeText } from './dial.ts';
import { ProxyConnectionError } from './proxy-connection-error.ts';

export type ProxyServer = Exclude<ProxyRoute, { kind: 'direct' }>;

export const isHttpProxy = ({ kind }: ProxyRoute): boolean => kind === 'http' || kind === 'https';

/** A proxy, and the look-up that named it. */
export interface ProxyPeer {
  readonly route: ProxyServer;
  readonly source: ProxyResolution['source'];
  readonly by: ProxyResolution['by'];
}

const SOURCES: Readonly<Record<ProxyResolution['source'], string>> = {
  option: 'the option "proxy"',
  environment: 'the environment',
  policy: 'a policy of this machine',
  user: "the user's settings",
  machine: "the machine's settings",
  none: '',
};

/** `The proxy a:8080 (named by the environment)`. */
export function peerText({ route, source, by }: ProxyPeer): string {
  const how = by === 'pac' ? 'a script of ' : by === 'wpad' ? 'WPAD, by ' : '';
  const name = SOURCES[source] ?? '';
  return `The proxy ${placeText(route)}${name === '' ? '' : ` (named by ${how}${name})`}`;
}

/** Returns the proxy as authentication sees it. */
export function authPeerOf({ route, source }: ProxyPeer): AuthPeer {
  const { kind, host, port } = route;
  return {
    target: 'proxy',
    origin: `${kind}://${placeText(route)}`,
    host,
    port,
    secure: kind === 'https',
    route,
    source,
  };
}

/** Which request the proxy refused, and why it was not answered. */
export interface Refusal {
  readonly target: Place;
  /** The number of the request on this route, from 1. */
  readonly leg: number;
  readonly cause?: AuthenticationError | undefined;
}

/** The error for an answer other than 2xx. */
export function refusalOf(
  peer: ProxyPeer,
  answer: ResponseHead,
  { target, leg, cause }: Refusal,
): ProxyConnectionError {
  const { status, statusText } = answer;
  const proxy = placeText(peer.route);
  if (status !== 407) {
    const shown = `${status} ${statusText}`.trimEnd().slice(0, MAX_SHOWN);
    const message = `${peerText(peer)} opens no tunnel to ${placeText(target)}: it answered ${shown}.`;
    return new ProxyConnectionError('ERR_WINWIRE_PROXY_REFUSED', message, { status, proxy, leg });
  }
  const what = cause?.message ?? `It does not end the authentication within ${leg} requests.`;
  const message = `${peerText(peer)} answered ${status} to leg ${leg} of CONNECT ${placeText(target)}. ${what}`;
  const schemes = challengesIn(answer, 'proxy').map(({ name }) => name.slice(0, MAX_SHOWN));
  return new ProxyConnectionError('ERR_WINWIRE_PROXY_AUTHENTICATION', message, { status, proxy, schemes, leg, cause });
}

/** The error for a 407 without a further answer, to a request that names its URL. */
export function requestRefusalOf(route: ProxyRoute, status: number, cause?: AuthenticationError): ProxyConnectionError {
  const proxy = route.kind === 'direct' ? '' : placeText(route);
  const message = `The proxy ${proxy} answered ${status}. ${cause?.message ?? ''}`.trimEnd();
  const details = { status, proxy, schemes: cause?.schemes, cause };
  return new ProxyConnectionError('ERR_WINWIRE_PROXY_AUTHENTICATION', message, details);
}

const MAX_SHOWN = 100;

/** Returns the error for a failed step of the authentication; any other error is returned unchanged. */
export function authenticationFailure(peer: ProxyPeer, error: unknown, leg: number): unknown {
  if (!(error instanceof AuthenticationError)) return error;
  const message = `${peerText(peer)}: leg ${leg} of the authentication failed. ${error.message}`;
  const { schemes } = error;
  const details = { proxy: placeText(peer.route), schemes, leg, cause: error };
  return new ProxyConnectionError('ERR_WINWIRE_PROXY_AUTHENTICATION', message, details);
}

/** Returns the error for a proxy that cannot be reached, or whose answer is not one; errors of it are returned unchanged. */
export function proxyFailure(peer: ProxyPeer, error: Error, isAnswered: boolean): Error {
  if (error instanceof ProxyConnectionError) return error;
  const message = `${peerText(peer)} ${isAnswered ? 'failed' : 'cannot be reached'}: ${reasonOf(error)}.`;
  return new ProxyConnectionError('ERR_WINWIRE_PROXY_CONNECT', message, { proxy: placeText(peer.route), cause: error });
}

/** Node.js gives an error about several addresses no message. */
export function reasonOf(error: Error): string {
  if (!(error instanceof AggregateError) || error.message !== '') return error.message;
  return error.errors.map((one: Error) => one.message).join('; ');
}
