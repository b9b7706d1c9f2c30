/** Finds a connection for a purpose: in the pool, or by the first route that works. */
import type { TokenSource } from '../auth/token-source.ts';
import { type Routing, routingOf } from '../proxy/proxy-option.ts';
import { reportFailedRoute, reportWorkingRoute } from '../proxy/resolution.ts';
import { DIRECT, formatRoute } from '../proxy/route-text.ts';
import type { ProxyRoute } from '../proxy/types.ts';
import { Attempt, AttemptTimeout } from './attempt.ts';
import { Destination, type Purpose } from './destination.ts';
import { Link } from './link.ts';
import type { NetworkSettings } from './network-options.ts';
import { Pool } from './pool.ts';
import { ProxyConnectionError } from './proxy-connection-error.ts';
import { proxyFailure, reasonOf } from './proxy-peer.ts';
import { openRoute } from './route-connection.ts';
import { TlsSessions } from './tls-sessions.ts';

/** Time limit in milliseconds for a route while a further one is left. */
const ROUTE_LIMIT = 5_000;

/** A connection, and what it was opened for. */
export interface Reached {
  readonly link: Link;
  readonly destination: Destination;
}

export class Connector {
  readonly pool = new Pool();
  readonly #settings: NetworkSettings;
  readonly #tokens: TokenSource;
  readonly #sessions = new TlsSessions();
  /** Servers, with identities, whose authentication does not go with HTTP/2. */
  readonly #http1Only = new Set<string>();
  /** The first connections to targets that may speak HTTP/2: others wait for them, to share them. */
  readonly #first = new Map<string, Promise<unknown>>();
  /** Targets that chose HTTP/1.1. */
  readonly #choseHttp1 = new Set<string>();

  constructor(settings: NetworkSettings, tokens: TokenSource) {
    this.#tokens = tokens;
    this.#settings = settings;
  }

  /** @throws as `Network.open` */
  async connect(url: URL, purpose: Purpose, signal: AbortSignal): Promise<Reached> {
    const { proxy, backend, connectTimeout } = this.#settings;
    const routing = await routingOf(proxy, url, backend, signal);
    const failures: Error[] = [];
    for (const [i, route] of routing.routes.entries()) {
      const isLast = i === routing.routes.length - 1;
      const limit = isLast ? connectTimeout : Math.min(connectTimeout, ROUTE_LIMIT);
      const attempt = new Attempt(signal, limit);
      const peer = route.kind === 'direct' ? undefined : { route, source: routing.source, by: routing.by };
      const destination = new Destination(purpose, peer, this.#settings.auth, this.#tokens);
      try {
        return { link: await this.#reach(destination, purpose, attempt, limit), destination };
      } catch (error) {
        attempt.fail(error as Error);
        destination.close();
        if (signal.aborted || attempt.isFinal) throw error;
        const failure = peer ? proxyFailure(peer, error as Error, attempt.isAnswered) : (error as Error);
        if (attempt.isAnswered) throw failure;
        if (peer) reportFailedRoute(route);
        failures.push(failure);
      }
    }
    throw failureOf(routing, failures);
  }

  /**
   * Returns the routes of a purpose and who is authenticated on the first one, for doors that keep connections
   * themselves; and whether it may change with the logged-on user.
   */
  async describe(url: URL, purpose: Purpose, signal: AbortSignal): Promise<{ text: string; isPersonal: boolean }> {
    const { routes, source, by } = await routingOf(this.#settings.proxy, url, this.#settings.backend, signal);
    const [route = DIRECT] = routes;
    const peer = route.kind === 'direct' ? undefined : { route, source, by };
    const destination = new Destination(purpose, peer, this.#settings.auth, this.#tokens);
    try {
      // A function is called for the connection itself.
      if (!destination.asksLater) await destination.identify();
      const text = `${routes.map(formatRoute).join(';')} ${destination.identityText}`;
      return { text, isPersonal: destination.isPersonal };
    } finally {
      destination.close();
    }
  }

  /** Later connections to this server for this identity use HTTP/1.1. */
  refuseHttp2(destination: Destination): void {
    remember(this.#http1Only, destination.serverKey);
  }

  /** Reads who is to be authenticated, for which a function may take its time. */
  async #identify(destination: Destination, attempt: Attempt): Promise<void> {
    if (destination.asksLater) attempt.restart(this.#settings.connectTimeout);
    try {
      await attempt.wait(destination.identify());
    } catch (error) {
      // A function that fails does not lead to another route.
      attempt.isAnswered = destination.asksLater;
      attempt.isFinal = destination.asksLater && !(error instanceof AttemptTimeout);
      throw error;
    }
  }

  async #reach(destination: Destination, purpose: Purpose, attempt: Attempt, limit: number): Promise<Link> {
    await this.#identify(destination, attempt);
    if (this.#http1Only.has(destination.serverKey)) destination.refuseHttp2();
    const { key, target } = destination;
    const isFirst = target.tls !== undefined && target.alpn.includes('h2') && !this.#choseHttp1.has(key);
    const first = isFirst && !purpose.isNew ? this.#first.get(key) : undefined;
    if (first) {
      await attempt.wait(first);
      // The proxy may have asked by now.
      await this.#identify(destination, attempt);
    }
    if (destination.asksLater) attempt.restart(limit);
    const idle = purpose.isNew ? undefined : this.pool.take(key, destination.wanted);
    if (idle) {
      attempt.succeed();
      return idle;
    }
    const opening = this.#openLink(destination, purpose, attempt);
    if (!isFirst) return opening;
    const settled: Promise<void> = opening
      .then(() => {})
      .catch(() => {})
      .finally(() => {
        if (this.#first.get(key) === settled) this.#first.delete(key);
      });
    this.#first.set(key, settled);
    const link = await opening;
    if (link.protocol === 'h2') this.pool.share(key, link, destination.identitiesOf(link.socket));
    else remember(this.#choseHttp1, key);
    return link;
  }

  async #openLink(
    destination: Destination,
    { tcp = {}, proxyHeaders: further }: Purpose,
    attempt: Attempt,
  ): Promise<Link> {
    const { proxyTls, connectTimeout } = this.#settings;
    const proxyHeaders = { ...this.#settings.proxyHeaders, ...further };
    const { peer, target, sessionKey } = destination;
    const sessions = this.#sessions;
    const settings = { tcp, proxyTls, proxyHeaders, auth: destination.proxyAuth, connectTimeout, sessions, sessionKey };
    const socket = await openRoute(peer, target, settings, attempt);
    attempt.succeed();
    if (peer) reportWorkingRoute(peer.route);
    return new Link(socket, peer?.route ?? DIRECT, target.isAbsolute);
  }
}

const MAX_REMEMBERED = 1_000;

function remember(keys: Set<string>, key: string): void {
  keys.add(key);
  for (const oldest of keys) if (keys.size > MAX_REMEMBERED) keys.delete(oldest);
}

function failureOf({ routes }: Routing, failures: readonly Error[]): Error {
  const [first = new Error('no route')] = failures;
  if (routes.length === 1) return first;
  const texts = failures.map((error, i) => `${formatRoute(routes[i] as ProxyRoute)}: ${reasonOf(error)}`);
  const message = `No route to the server works (${texts.join('; ')}).`;
  return new ProxyConnectionError('ERR_WINWIRE_PROXY_CONNECT', message, { cause: new AggregateError(failures) });
}
