/** Where one connection leads: the route, the target, and who is to be authenticated on it. */
import type { Socket, TcpNetConnectOpts } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { identityOn } from '../auth/authenticated-sockets.ts';
import { type AuthPeer, type AuthPolicy, isAskedLater } from '../auth/policy.ts';
import { AuthSession } from '../auth/session.ts';
import type { TokenSource } from '../auth/token-source.ts';
import { formatRoute } from '../proxy/route-text.ts';
import { type Place, placeText } from './dial.ts';
import type { NetworkConnection } from './network-connection.ts';
import type { Identities } from './pool.ts';
import { authPeerOf, isHttpProxy, type ProxyPeer } from './proxy-peer.ts';
import type { RouteTarget } from './route-connection.ts';

/** What a door wants to connect for, the same for all routes. */
export interface Purpose {
  /** The origin, with http: and https: for ws: and wss:. */
  readonly origin: string;
  readonly place: Place;
  readonly isTunnel: boolean;
  readonly isNew: boolean;
  readonly tls: ConnectionOptions | undefined;
  readonly alpn: readonly string[];
  readonly tcp: Partial<TcpNetConnectOpts> | undefined;
  readonly proxyHeaders: Readonly<Record<string, string>> | undefined;
  readonly signal: AbortSignal | undefined;
  /** The connection whose authentication continues. */
  readonly previous: Previous | undefined;
  /** Whether a server that asks may be answered: not through a bare tunnel. */
  readonly hasServerAuth: boolean;
}

type Previous = Pick<NetworkConnection, 'route' | 'proxyAuth' | 'serverAuth'>;

export class Destination {
  /** Undefined for the direct route. */
  readonly peer: ProxyPeer | undefined;
  target: RouteTarget;
  readonly proxyAuth: AuthSession | undefined;
  readonly serverAuth: AuthSession | undefined;
  readonly #purpose: Purpose;
  readonly #proxyPeer: AuthPeer | undefined;
  readonly #serverPeer: AuthPeer;
  /** A function chooses credentials. */
  readonly asksLater: boolean;
  #wanted: Identities = { proxy: '', server: '' };

  constructor(purpose: Purpose, peer: ProxyPeer | undefined, policy: AuthPolicy, tokens: TokenSource) {
    const { origin, place, tls, alpn, signal, previous } = purpose;
    this.#purpose = purpose;
    const isProxied = peer !== undefined && isHttpProxy(peer.route);
    const isAbsolute = isProxied && !purpose.isTunnel && tls === undefined;
    this.peer = peer;
    this.target = { ...place, tls, alpn, isAbsolute };
    this.#proxyPeer = isProxied ? authPeerOf(peer) : undefined;
    this.#serverPeer = { target: 'server', origin, ...place, secure: tls !== undefined, isProxied: isAbsolute };
    const isSameProxy = isAbsolute && previous && formatRoute(previous.route) === formatRoute(peer.route);
    const proxyAuth = isSameProxy ? previous.proxyAuth : undefined;
    this.proxyAuth = this.#proxyPeer && (proxyAuth ?? new AuthSession(this.#proxyPeer, policy, { signal, tokens }));
    this.serverAuth = purpose.hasServerAuth
      ? (previous?.serverAuth ?? new AuthSession(this.#serverPeer, policy, { signal, tokens }))
      : undefined;
    const peers = [...(this.#proxyPeer ? [this.#proxyPeer] : []), ...(this.serverAuth ? [this.#serverPeer] : [])];
    this.asksLater = peers.some((one) => isAskedLater(one, policy));
  }

  /** Whether its connections serve one identity only, or may come to do so. Others serve all requests. */
  get isPersonal(): boolean {
    return this.asksLater || this.#wanted.proxy !== '' || this.#wanted.server !== '';
  }

  /** Reads anew who is to be authenticated. */
  async identify(): Promise<void> {
    const [proxy = '', server = ''] = await Promise.all([this.proxyAuth?.identity(), this.serverAuth?.identity()]);
    this.#wanted = { proxy, server };
  }

  /** Whether a function has chosen who is authenticated at the proxy. */
  get isChosen(): boolean {
    return this.proxyAuth?.isChosen === true;
  }

  /** Who is to be authenticated, as a text. */
  get identityText(): string {
    return JSON.stringify(this.#wanted);
  }

  /** Connections with this key differ in their identities only. */
  get key(): string {
    return keyOf(this.#purpose, this.target, this.peer);
  }

  /** The server and who is authenticated there. */
  get serverKey(): string {
    return JSON.stringify([this.#purpose.origin, this.#wanted.server]);
  }

  /** Offers HTTP/1.1 only. */
  refuseHttp2(): void {
    this.target = { ...this.target, alpn: this.target.alpn.filter((name) => name !== 'h2') };
  }

  close(): void {
    this.proxyAuth?.close();
    this.serverAuth?.close();
  }

  /** Distinguishes TLS sessions: a ticket of one identity is never used for another. */
  get sessionKey(): string {
    return JSON.stringify([this.key, this.#wanted]);
  }

  /** The identities whose connections can serve, the preferred ones first. */
  get wanted(): readonly Identities[] {
    if (!this.target.isAbsolute) return [this.#wanted];
    const { proxy, server } = this.#wanted;
    const shared = { proxy, server: '' };
    return server === '' ? [shared] : [{ proxy, server: this.#ownedBy(server) }, shared];
  }

  /** The identities of a connection after its use. */
  identitiesOf(socket: Socket): Identities {
    const { proxy, server } = this.#wanted;
    // A tunnel belongs to the user that the proxy opened it for, by any scheme.
    const { isAbsolute } = this.target;
    const proxyOwner =
      isAbsolute && this.#proxyPeer ? identityOn(socket, this.#proxyPeer) : this.proxyAuth?.lastIdentity;
    const owner = identityOn(socket, this.#serverPeer);
    // A connection to a proxy serves all origins, unless one of them has authenticated it.
    const serverOwner = isAbsolute ? owner && this.#ownedBy(owner) : (owner ?? server);
    return { proxy: proxyOwner ?? proxy, server: serverOwner ?? '' };
  }

  #ownedBy(identity: string): string {
    return `${identity} ${this.#purpose.origin}`;
  }
}

const numbers = new WeakMap<object, number>();
let count = 0;

/** Returns the number of an object of options: equal numbers are the same object. */
function numberOf(options: object): number {
  const number = numbers.get(options) ?? ++count;
  numbers.set(options, number);
  return number;
}

function keyOf({ tcp, isTunnel }: Purpose, target: RouteTarget, peer: ProxyPeer | undefined): string {
  const common = [peer ? formatRoute(peer.route) : '', tcp ? numberOf(tcp) : 0];
  if (target.isAbsolute) return JSON.stringify(common);
  const security = target.tls ? [numberOf(target.tls), ...target.alpn] : [];
  return JSON.stringify([...common, isTunnel, placeText(target), ...security]);
}
