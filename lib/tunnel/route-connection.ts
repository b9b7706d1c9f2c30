/** Opens one connection by one route: the stages up to the socket that requests go on. */
import type { Socket, TcpNetConnectOpts } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import type { AuthSession } from '../auth/session.ts';
import { secretsOf } from '../proxy/resolution.ts';
import type { Attempt } from './attempt.ts';
import { connectTcp, type Place, startTls } from './dial.ts';
import type { ProxyPeer } from './proxy-peer.ts';
import { openTunnel } from './proxy-tunnel.ts';
import { openSocks } from './socks.ts';
import type { TlsSessions } from './tls-sessions.ts';

/** What a connection is opened for. */
export interface RouteTarget extends Place {
  /** Options of TLS to the target; undefined for plain bytes. */
  readonly tls: ConnectionOptions | undefined;
  /** The protocols to offer in TLS. */
  readonly alpn: readonly string[];
  /** Requests go to an http: or https: proxy in absolute form, without a tunnel. */
  readonly isAbsolute: boolean;
}

/** How sockets are opened. */
export interface RouteSettings {
  readonly tcp: Partial<TcpNetConnectOpts>;
  readonly proxyTls: ConnectionOptions;
  readonly proxyHeaders: Readonly<Record<string, string>>;
  /** Of an http: or https: proxy. */
  readonly auth: AuthSession | undefined;
  /** Milliseconds from the connection to the proxy to the end of the attempt. */
  readonly connectTimeout: number;
  readonly sessions: TlsSessions;
  /** Distinguishes the TLS sessions of targets and identities. */
  readonly sessionKey: string;
}

/**
 * Opens the connection of a route.
 *
 * @throws {ProxyConnectionError} for an answer of the proxy; otherwise the error of the stage that failed.
 */
export async function openRoute(
  peer: ProxyPeer | undefined,
  target: RouteTarget,
  settings: RouteSettings,
  attempt: Attempt,
): Promise<Socket> {
  const socket = await (peer
    ? openByProxy(peer, target, settings, attempt)
    : connectTcp(target, settings.tcp, attempt));
  attempt.isAnswered = true;
  attempt.isFinal = true;
  if (target.tls === undefined) return socket;
  const { host, port, alpn, tls: options } = target;
  const { sessions, sessionKey } = settings;
  return startTls(socket, { host, port, alpn, options, sessions, sessionKey }, attempt);
}

async function openByProxy(
  peer: ProxyPeer,
  target: RouteTarget,
  settings: RouteSettings,
  attempt: Attempt,
): Promise<Socket> {
  const { route } = peer;
  const connect = async () => {
    const socket = await connectProxy(peer, settings, attempt);
    attempt.restart(settings.connectTimeout);
    return socket;
  };
  if (route.kind === 'socks4' || route.kind === 'socks5') {
    const { user } = secretsOf(route);
    return openSocks({ peer, target, user, connect }, attempt);
  }
  if (target.isAbsolute) return connect();
  const { proxyHeaders: headers, auth } = settings;
  if (!auth) throw new Error('a tunnel needs the authentication of its proxy');
  return openTunnel({ peer, target, headers, auth, connect }, attempt);
}

async function connectProxy({ route }: ProxyPeer, settings: RouteSettings, attempt: Attempt): Promise<Socket> {
  const { kind, host, port } = route;
  const socket = await connectTcp({ host, port }, settings.tcp, attempt);
  if (kind !== 'https') return socket;
  const { proxyTls: options, sessions } = settings;
  const sessionKey = `proxy ${settings.sessionKey}`;
  return startTls(socket, { host, port, alpn: ['http/1.1'], options, sessions, sessionKey }, attempt);
}
