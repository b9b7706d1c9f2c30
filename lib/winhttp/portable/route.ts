/** The route to a server: direct, by a proxy, or through a tunnel; and connections that match it. */
import { inheritIdentities } from '../../auth/authenticated-sockets.ts';
import type { WinwireError } from '../../errors.ts';
import { HResult } from '../../hresult.ts';
import type { MessageError } from '../../http1/message-error.ts';
import type { ResponseHead } from '../../http1/response-head.ts';
import type { ClientCertificate, ProxyServer } from '../request-object.ts';
import type { Identities } from './authentication-state.ts';
import type { Cancellation } from './cancellation.ts';
import { ConnectClock } from './connect-clock.ts';
import { TunnelError } from './connect-request.ts';
import { Connection, takeIdle } from './http-connection.ts';
import { connectTcp } from './tcp.ts';
import type { Timeouts } from './timeouts.ts';
import { startTls, type TlsSettings } from './tls.ts';
import { messageFailure, type Peer, peerText, reasonOf, sendFailure, timedOut } from './transport-failure.ts';
import { TunnelAttempt } from './tunnel-attempt.ts';
import type { TunnelClient } from './tunnel-client.ts';
import type { RequestUrl } from './url.ts';

export interface Route {
  readonly url: RequestUrl;
  readonly proxy: ProxyServer | undefined;
  /** The proxy opens a tunnel; without TLS only if it does not keep authenticated connections apart. */
  readonly isTunneled: boolean;
  readonly tls: TlsSettings;
  readonly maxHeaderSize: number;
  /** Other users do not share the connection. */
  readonly identities: Identities;
  /** The proxy has answered a request for a tunnel. */
  onAnswer(): void;
}

/** Connections with equal keys are interchangeable. */
function keyOf({ url, proxy, isTunneled, tls, identities }: Route): string {
  const { proxyUser, serverUser } = identities;
  const via = proxy ? `${proxy.host}:${proxy.port}` : '';
  const users = proxyUser === '' && serverUser === '' ? '' : JSON.stringify([proxyUser, serverUser]);
  if (!url.secure) {
    if (isTunneled) return `${url.origin} tunnel ${via} ${users}`;
    // A proxy may bind its connection with the server to the user.
    return proxy ? `${via} ${serverUser === '' ? '' : url.origin} ${users}` : `${url.origin} ${users}`;
  }
  const { ignored, protocols, checksRevocation, certificate } = tls;
  const security = `${ignored} ${protocols} ${checksRevocation} ${certificate ? numberOf(certificate) : ''}`;
  return `${url.origin} ${security} ${via} ${users}`;
}

export const idleFor = (route: Route): Connection | undefined => takeIdle(keyOf(route));

/** Returns a new connection, or the answer of a proxy that refuses a tunnel. */
export async function connectBy(
  route: Route,
  timeouts: Timeouts,
  cancellation: Cancellation,
  client: TunnelClient,
): Promise<Connection | ResponseHead> {
  const { url, proxy, isTunneled } = route;
  if (BLOCKED_PORTS.has(url.port)) {
    throw sendFailure(
      HResult.ERROR_WINHTTP_CANNOT_CONNECT,
      `${peerText(url)}: WinHTTP refuses port ${url.port}, which is of another protocol`,
    );
  }
  const { host, port } = proxy ?? url;
  const peer = { host, port, isProxy: proxy !== undefined, secure: false };
  // The code is [assumed].
  if (host === '') throw sendFailure(HResult.ERROR_WINHTTP_NAME_NOT_RESOLVED, NO_PROXY_HOST);
  const clock = new ConnectClock();
  const isPlain = !url.secure && !isTunneled;
  const connect = () => connectTcp(peer, timeouts, cancellation, isPlain, clock);
  let socket = await connect();
  clock.connected(socket.remoteAddress);
  try {
    if (isTunneled) {
      const limit = timeouts.receive > 0 ? timeouts.receive : Number.POSITIVE_INFINITY;
      const tunnel = new TunnelAttempt({ socket, connect, client, cancellation }, { ...route, limit });
      const refusal = await tunnel.open().finally(() => {
        socket = tunnel.socket;
      });
      if (refusal) return refusal;
      clock.connected(socket.remoteAddress);
    }
    const { proxyUser, serverUser } = route.identities;
    const users = [proxyUser, serverUser];
    if (!url.secure) return new Connection(keyOf(route), socket, clock.times(false), isTunneled ? url : peer, users);
    const secure = await startTls(socket, url, route.tls, timeouts.receive, cancellation);
    inheritIdentities(secure, socket);
    return new Connection(keyOf(route), secure, clock.times(true), url, users);
  } catch (error) {
    socket.destroy();
    throw error instanceof TunnelError ? tunnelFailure(error, peer, timeouts.receive) : error;
  }
}

/** The failure of a request whose proxy did not answer CONNECT. */
function tunnelFailure({ fault, cause }: TunnelError, peer: Peer, limit: number): WinwireError {
  const closed = `${peerText(peer)} closed the connection before it answered`;
  switch (fault) {
    case 'closed':
      return sendFailure(HResult.ERROR_WINHTTP_CONNECTION_ERROR, closed);
    case 'broken':
      return sendFailure(HResult.ERROR_WINHTTP_CONNECTION_ERROR, `${closed}: ${reasonOf(cause as Error)}`, cause);
    case 'invalid':
      return messageFailure(cause as MessageError, peer);
    case 'timeout':
      return timedOut(`the answer of ${peerText(peer)}`, limit);
    case 'cancelled':
      return sendFailure(HResult.ERROR_WINHTTP_OPERATION_CANCELLED);
  }
}

const NO_PROXY_HOST = 'the proxy setting names no host: pass "host", "host:port" or "http=host:port;https=host:port"';

// FTP, SMTP, Gopher, POP3, NNTP, IMAP. Source: Microsoft, What's New in WinHTTP 5.1.
const BLOCKED_PORTS = new Set([21, 25, 70, 110, 119, 143]);

const numbers = new WeakMap<ClientCertificate, number>();
let lastNumber = 0;

function numberOf(certificate: ClientCertificate): number {
  const number = numbers.get(certificate) ?? ++lastNumber;
  numbers.set(certificate, number);
  return number;
}
