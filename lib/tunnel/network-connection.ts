/** A connection that a door sends a request on, until it is released or destroyed. */
import type { Socket } from 'node:net';
import type { AuthOutcome, AuthSession } from '../auth/session.ts';
import type { ResponseHead } from '../http1/response-head.ts';
import type { ProxyRoute } from '../proxy/types.ts';
import type { Link } from './link.ts';

/** What the network does for a connection. */
export interface Lease {
  /** The time in milliseconds for which an idle connection is kept. */
  release(keepFor: number): void;
  destroy(error?: Error): void;
  /** The server's authentication does not go with HTTP/2. */
  refuseHttp2(): void;
  reopen(signal: AbortSignal | undefined): Promise<NetworkConnection>;
}

/** How long an idle connection is kept, in milliseconds, unless the peer announces less. */
export const IDLE_LIMIT = 30_000;
/** A connection is not used in the last second that the peer announces. */
const IDLE_MARGIN = 1000;

export class NetworkConnection {
  /** With TLS to the target for https: and wss:. It has a listener for `error`. */
  readonly socket: Socket;
  /** The route that it took. */
  readonly route: ProxyRoute;
  /** Requests name the whole URL (RFC 9112 section 3.2.2) and carry the authentication of the proxy. */
  readonly isAbsolute: boolean;
  /** What TLS negotiated. */
  readonly protocol: 'http/1.1' | 'h2';
  /** Whether earlier requests went on it: the peer may close it at any time. */
  readonly isReused: boolean;
  /**
   * Whether it serves one identity only, or may come to do so: release it after each request. Any other one serves all
   * requests that its door sends to the origin.
   */
  readonly isPersonal: boolean;
  /** The authentication of this request at the proxy; undefined unless `isAbsolute`. */
  readonly proxyAuth: AuthSession | undefined;
  /** The authentication of this request at the server; undefined for a bare tunnel. */
  readonly serverAuth: AuthSession | undefined;
  readonly #sessions: Sessions;
  #keepFor = IDLE_LIMIT;
  #lease: Lease | undefined;
  #reopen: Lease['reopen'] | undefined;

  constructor(link: Link, sessions: Sessions, lease: Lease) {
    const { proxyAuth, serverAuth, isPersonal } = sessions;
    this.#sessions = sessions;
    this.socket = link.socket;
    this.route = link.route;
    this.isAbsolute = link.isAbsolute;
    this.protocol = link.protocol;
    this.isReused = link.isReused;
    this.isPersonal = isPersonal;
    this.proxyAuth = link.isAbsolute ? proxyAuth : undefined;
    this.serverAuth = serverAuth;
    this.#lease = lease;
    this.#reopen = lease.reopen;
    this.proxyAuth?.useConnection(link.socket);
    this.serverAuth?.useConnection(link.socket);
  }

  /** Whether a function has chosen who is authenticated at the proxy: for another request it may choose another user. */
  get isChosen(): boolean {
    return this.#sessions.isChosen;
  }

  /**
   * Returns the fields of the next request that authenticate it.
   *
   * @throws {AuthenticationError} if a token cannot be made; {AbortError}
   */
  async authorization(request: { method: string; target: string }): Promise<Record<string, string>> {
    const proxy = await this.proxyAuth?.header(request);
    const server = await this.serverAuth?.header(request);
    return {
      ...(proxy !== undefined && { 'Proxy-Authorization': proxy }),
      ...(server !== undefined && { Authorization: server }),
    };
  }

  /**
   * Processes the head of a response: `'final'` if it is the result. Otherwise the request is to be sent again, on this
   * connection after the body was read, or on that of {@link reopen}.
   *
   * @throws {AuthenticationError} if the peer breaks off, or proves to be another one: destroy the connection.
   */
  async accept(head: ResponseHead): Promise<AuthOutcome> {
    this.#keepFor = idleLimitOf(head);
    if (head.status === 407 && this.proxyAuth) return this.proxyAuth.accept(head);
    await this.proxyAuth?.complete(head);
    if (head.status !== 401 || !this.serverAuth) {
      await this.serverAuth?.complete(head);
      return 'final';
    }
    const outcome = await this.serverAuth.accept(head);
    if (this.protocol !== 'h2' || outcome === 'final' || !this.serverAuth.bindsConnection) return outcome;
    this.#lease?.refuseHttp2();
    return 'again on a new connection';
  }

  /**
   * Returns a new connection for the same request, on which its authentication continues. This one is destroyed, if the
   * peer has not closed it before; `error` is what its socket then emits.
   *
   * @throws as `Network.open`
   */
  reopen(signal?: AbortSignal, error?: Error): Promise<NetworkConnection> {
    const reopen = this.#reopen;
    if (!reopen) return Promise.reject(new Error('the connection was released before'));
    const opened = reopen(signal);
    this.#end()?.destroy(error);
    return opened;
  }

  /**
   * Keeps the connection for the next request: the last response was read to its end, and both sides keep the connection
   * open. Later calls are ignored.
   */
  release(): void {
    if (this.#keepFor <= 0) {
      this.destroy();
      return;
    }
    this.#closeSessions();
    this.#reopen = undefined;
    this.#end()?.release(this.#keepFor);
  }

  /** Ends the use of the connection, and closes it unless HTTP/2 serves others on it. Later calls are ignored. */
  destroy(error?: Error): void {
    this.#closeSessions();
    this.#end()?.destroy(error);
  }

  #closeSessions(): void {
    if (!this.#lease) return;
    this.proxyAuth?.close();
    this.serverAuth?.close();
  }

  #end(): Lease | undefined {
    const lease = this.#lease;
    this.#lease = undefined;
    return lease;
  }
}

interface Sessions {
  readonly proxyAuth: AuthSession | undefined;
  readonly serverAuth: AuthSession | undefined;
  readonly isPersonal: boolean;
  readonly isChosen: boolean;
}

/** Returns the time that the peer announces: `Keep-Alive: timeout=5`. */
function idleLimitOf(head: ResponseHead): number {
  const [, seconds] = /\btimeout\s*=\s*(\d+)/i.exec(head.first('keep-alive') ?? '') ?? [];
  return seconds === undefined ? IDLE_LIMIT : Math.min(IDLE_LIMIT, Number(seconds) * 1000 - IDLE_MARGIN);
}
