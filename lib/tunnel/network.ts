/** Connections of one door to the network: by routes, authenticated, from a pool. */
import type { TcpNetConnectOpts } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { abortErrorOf, onAbort, withSignal } from '../abort-signal.ts';
import { systemTokens } from '../auth/system-tokens.ts';
import type { TokenSource } from '../auth/token-source.ts';
import type { ProxyOption } from '../proxy/types.ts';
import { Connector, type Reached } from './connector.ts';
import type { Purpose } from './destination.ts';
import type { Link } from './link.ts';
import { NetworkConnection } from './network-connection.ts';
import { type NetworkSettings, parseNetworkOptions } from './network-options.ts';
import { Slots } from './slots.ts';

/** What a connection is for. */
export interface OpenOptions {
  /**
   * `'requests'`: HTTP requests, which go to an http: or https: proxy in absolute form if the target is http:.
   * `'tunnel'`: bytes to the target, also of ws: and http:, by CONNECT.
   */
  readonly form: 'tunnel' | 'requests';
  /** Whether to speak TLS to the target; default for https: and wss:. `false` gives the bare tunnel. */
  readonly secure?: boolean;
  /** The protocols to offer in TLS; default `['http/1.1']`. */
  readonly alpn?: readonly string[];
  /** Options of node:tls for the target, in addition to those of the door. The same object gives pooled connections. */
  readonly tls?: ConnectionOptions | undefined;
  /** Options of node:net, such as `lookup` and `localAddress`. The same object gives pooled connections. */
  readonly tcp?: Partial<TcpNetConnectOpts> | undefined;
  /** Ends the attempt, and the steps of the connection's authentication. */
  readonly signal?: AbortSignal | undefined;
  /** Never one from the pool. */
  readonly isNew?: boolean;
  /** Fields of CONNECT in addition to those of the door. */
  readonly proxyHeaders?: Readonly<Record<string, string>> | undefined;
}

export class Network {
  readonly settings: NetworkSettings;
  readonly #connector: Connector;
  readonly #slots: Slots;
  readonly #used = new Set<Link>();
  /** Ends the attempts that are under way. */
  readonly #attempts = new Set<AbortController>();
  readonly #unused = new Set<() => void>();
  readonly #merged = new WeakMap<object, ConnectionOptions>();
  #isClosed = false;

  /** @throws {TypeError}, {RangeError} for invalid options; others than those of NetworkOptions are ignored. */
  constructor(options: unknown, defaultProxy: ProxyOption, tokens: TokenSource = systemTokens) {
    this.settings = parseNetworkOptions(options, defaultProxy);
    this.#connector = new Connector(this.settings, tokens);
    this.#slots = new Slots(this.settings.connections);
  }

  /**
   * Returns a connection to the origin of an http:, https:, ws: or wss: URL, idle from the pool or new, authenticated as
   * far as it can be before a request.
   *
   * @throws {ProxyConnectionError}; the errors of node:net and node:tls for the target; {AbortError}; as `resolveProxy`
   *   and the caller's functions do.
   */
  open(url: URL, use: OpenOptions): Promise<NetworkConnection> {
    return this.#open(url, use, undefined);
  }

  /** Returns what distinguishes connections to an origin: routes and identities. See `Connector.describe`. */
  describe(url: URL, use: OpenOptions): Promise<{ text: string; isPersonal: boolean }> {
    return this.#connector.describe(url, this.#purposeOf(url, use, undefined), use.signal ?? NEVER);
  }

  /** Refuses further connections, closes the idle ones, and waits for those in use. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#connector.pool.clear();
    if (this.#used.size > 0) await new Promise<void>((resolve) => this.#unused.add(resolve));
  }

  /** Ends all connections and attempts. */
  destroy(error: Error = closedError()): void {
    this.#isClosed = true;
    for (const attempt of this.#attempts) attempt.abort(error);
    this.#connector.pool.clear();
    for (const link of this.#used) link.destroy(error);
  }

  async #open(url: URL, use: OpenOptions, previous: NetworkConnection | undefined): Promise<NetworkConnection> {
    if (this.#isClosed) throw closedError();
    const { signal } = use;
    if (signal?.aborted) throw abortErrorOf(signal);
    const attempt = new AbortController();
    this.#attempts.add(attempt);
    const stop = signal && onAbort(signal, () => attempt.abort(signal.reason));
    const taken = this.#take(url, use, previous, attempt.signal);
    try {
      return await withSignal(taken, attempt.signal);
    } catch (error) {
      // The connection may be open by now.
      taken.then((connection) => connection.destroy()).catch(() => {});
      if (signal?.aborted) throw abortErrorOf(signal);
      throw attempt.signal.aborted ? (attempt.signal.reason as Error) : error;
    } finally {
      stop?.();
      this.#attempts.delete(attempt);
    }
  }

  async #take(
    url: URL,
    use: OpenOptions,
    previous: NetworkConnection | undefined,
    signal: AbortSignal,
  ): Promise<NetworkConnection> {
    const purpose = this.#purposeOf(url, use, previous);
    const free = await this.#slots.take(purpose.origin, signal);
    try {
      const reached = await this.#connector.connect(url, purpose, signal);
      // HTTP/2 serves all requests of an origin on one connection.
      if (reached.link.protocol === 'h2') free();
      return this.#lease(reached, free, (connection, next) => {
        const form = connection.serverAuth?.needsTunnel ? 'tunnel' : use.form;
        return this.#open(url, { ...use, form, isNew: true, signal: next }, connection);
      });
    } catch (error) {
      free();
      throw error;
    }
  }

  #purposeOf(url: URL, use: OpenOptions, previous: NetworkConnection | undefined): Purpose {
    const isSecureUrl = url.protocol === 'https:' || url.protocol === 'wss:';
    const { secure = isSecureUrl, alpn = ['http/1.1'], tcp, signal, isNew = false, proxyHeaders } = use;
    const port = Number(url.port || (isSecureUrl ? 443 : 80));
    return {
      origin: `${isSecureUrl ? 'https' : 'http'}://${url.host}`,
      place: { host: url.hostname.replace(/^\[|\]$/g, ''), port },
      isTunnel: use.form === 'tunnel',
      isNew,
      tls: secure ? this.#tlsOf(use) : undefined,
      alpn,
      tcp,
      proxyHeaders,
      signal,
      previous,
      hasServerAuth: secure === isSecureUrl,
    };
  }

  /** The same object for the same options, by which pooled connections and SecureContexts are found. */
  #tlsOf({ tls: given }: OpenOptions): ConnectionOptions {
    const { tls } = this.settings;
    if (given === undefined) return tls;
    const merged = this.#merged.get(given) ?? { ...tls, ...given };
    this.#merged.set(given, merged);
    return merged;
  }

  #lease({ link, destination }: Reached, free: () => void, reopen: Reopen): NetworkConnection {
    this.#used.add(link);
    link.uses++;
    let isEnded = false;
    const end = () => {
      if (isEnded) return false;
      isEnded = true;
      link.onClose.delete(end);
      free();
      link.isReused = true;
      if (--link.uses === 0) this.#used.delete(link);
      if (this.#used.size === 0) for (const resolve of this.#unused) resolve();
      return link.uses === 0;
    };
    link.onClose.add(end);
    const connection: NetworkConnection = new NetworkConnection(link, destination, {
      release: (keepFor) => {
        if (!end()) return;
        const { pool } = this.#connector;
        if (!this.settings.keepAlive || this.#isClosed) link.destroy();
        else pool.addIdle(destination.key, link, destination.identitiesOf(link.socket), keepFor);
      },
      destroy: (error) => {
        if (end()) link.destroy(error);
      },
      refuseHttp2: () => this.#connector.refuseHttp2(destination),
      reopen: (signal) => reopen(connection, signal),
    });
    return connection;
  }
}

type Reopen = (connection: NetworkConnection, signal: AbortSignal | undefined) => Promise<NetworkConnection>;

const NEVER = new AbortController().signal;

const closedError = (): Error =>
  Object.assign(new Error('The connections of this network were closed'), { code: 'ERR_WINWIRE_NETWORK_CLOSED' });
