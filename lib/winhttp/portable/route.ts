/** The way to a server: directly, by a proxy, through a tunnel; and connections that can serve it. */
import type { Socket } from 'node:net';
import { Code } from '../../winhttp-hresults.ts';
import type { ClientCertificate } from '../request-object.ts';
import type { Cancellation } from './cancellation.ts';
import { ConnectClock } from './connect-clock.ts';
import type { ResponseHead } from './headers.ts';
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
function keyOf({ url, proxy, tls, maxHeaderSize, proxyUser }: Route): string {
  const via = proxy ? `${proxy.host}:${proxy.port}` : '';
  if (!url.secure) return `${via || url.origin} ${maxHeaderSize}`;
  const { ignored, protocols, checksRevocation, certificate } = tls;
  const security = `${ignored} ${protocols} ${checksRevocation} ${certificate ? numberOf(certificate) : ''}`;
  return `${url.origin} ${maxHeaderSize} ${security} ${via} ${proxyUser}`;
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
    throw sendFailure(Code.ERROR_WINHTTP_CANNOT_CONNECT, `port ${url.port} is not for HTTP`);
  }
  const { host, port } = proxy ?? url;
  const clock = new ConnectClock();
  let socket: Socket = await connectTcp(host, port, timeouts, cancellation, !url.secure, clock);
  const address = socket.remoteAddress;
  clock.connected(address);
  if (url.secure) {
    if (proxy) {
      const answer = await openTunnel(socket, tunnelHead(), timeouts.receive, cancellation);
      if (!isTunnel(answer)) return answer;
      clock.connected(address);
    }
    socket = await startTls(socket, url.host, route.tls, timeouts.receive, cancellation);
  }
  return new Connection(keyOf(route), url.origin, socket, route.maxHeaderSize, clock.times(url.secure));
}

// FTP, SMTP, Gopher, POP3, NNTP, IMAP. Source: Microsoft, What's New in WinHTTP 5.1.
const BLOCKED_PORTS = new Set([21, 25, 70, 110, 119, 143]);

const numbers = new WeakMap<ClientCertificate, number>();
let lastNumber = 0;

function numberOf(certificate: ClientCertificate): number {
  const number = numbers.get(certificate) ?? ++lastNumber;
  numbers.set(certificate, number);
  return number;
}
