/** The way to a server: directly, by a proxy, through a tunnel; and connections that can serve it. */
import type { Socket } from 'node:net';
import { HResult } from '../../hresult.ts';
import type { ResponseHead } from '../../http1/response-head.ts';
import type { ClientCertificate } from '../request-object.ts';
import type { Cancellation } from './cancellation.ts';
import { ConnectClock } from './connect-clock.ts';
import { Connection, takeIdle } from './http-connection.ts';
import type { ProxyServer } from './proxy.ts';
import { connectTcp } from './tcp.ts';
import type { Timeouts } from './timeouts.ts';
import { startTls, type TlsSettings } from './tls.ts';
import { sendFailure } from './transport-failure.ts';
import { isTunnel, openTunnel } from './tunnel.ts';
import type { RequestUrl } from './url.ts';

export interface Route {
  readonly url: RequestUrl;
  readonly proxy: ProxyServer | undefined;
  readonly tls: TlsSettings;
  readonly maxHeaderSize: number;
  /** Whose tunnel it is: one that a user has opened serves nobody else. */
  readonly proxyUser: string;
}

/** Connections of equal keys can stand in for each other. */
function keyOf({ url, proxy, tls, proxyUser }: Route): string {
  const via = proxy ? `${proxy.host}:${proxy.port}` : '';
  if (!url.secure) return via || url.origin;
  const { ignored, protocols, checksRevocation, certificate } = tls;
  const security = `${ignored} ${protocols} ${checksRevocation} ${certificate ? numberOf(certificate) : ''}`;
  return `${url.origin} ${security} ${via} ${proxyUser}`;
}

export const idleFor = (route: Route): Connection | undefined => takeIdle(keyOf(route));

/** A new connection, or the answer of a proxy that opens no tunnel. `tunnelHead` is what it is asked with. */
export async function connectBy(
  route: Route,
  timeouts: Timeouts,
  cancellation: Cancellation,
  tunnelHead: () => string,
): Promise<Connection | ResponseHead> {
  const { url, proxy } = route;
  if (BLOCKED_PORTS.has(url.port)) {
    throw sendFailure(HResult.ERROR_WINHTTP_CANNOT_CONNECT, `port ${url.port} is not for HTTP`);
  }
  const { host, port } = proxy ?? url;
  if (host === '') throw sendFailure(HResult.ERROR_WINHTTP_NAME_NOT_RESOLVED, NO_PROXY_HOST);
  const clock = new ConnectClock();
  const socket: Socket = await connectTcp(host, port, timeouts, cancellation, !url.secure, clock);
  const address = socket.remoteAddress;
  clock.connected(address);
  if (!url.secure) return new Connection(keyOf(route), socket, clock.times(false));
  try {
    if (proxy) {
      const request = { head: tunnelHead(), maxHeaderSize: route.maxHeaderSize, limit: timeouts.receive };
      const answer = await openTunnel(socket, request, cancellation);
      if (!isTunnel(answer)) return answer;
      clock.connected(address);
    }
    const secure = await startTls(socket, url.host, route.tls, timeouts.receive, cancellation);
    return new Connection(keyOf(route), secure, clock.times(true));
  } catch (error) {
    socket.destroy();
    throw error;
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
