/** All connections of a dispatcher: a pool for each origin and kind of connection. */
import type { EventEmitter } from 'node:events';
import type { ConnectionOptions } from 'node:tls';
import { callListener } from '../call-listener.ts';
import { AttemptTimeout } from '../tunnel/attempt.ts';
import type { Network } from '../tunnel/network.ts';
import type { NetworkConnection } from '../tunnel/network-connection.ts';
import { networkLater } from '../tunnel/network-later.ts';
import { validUrl } from '../valid-url.ts';
import type { ClientOptions, Line } from './client-line.ts';
import { type DispatchOptions, fieldOf, isUpgrade, originOf, withOneLength } from './dispatch-options.ts';
import { type DispatcherSettings, parseDispatcherOptions } from './dispatcher-options.ts';
import { Exchange } from './exchange.ts';
import type { FirstHandler } from './generations.ts';
import { OriginPool, type PoolOwner, type PoolStats, type PoolTarget } from './origin-pool.ts';
import { noteConnectTime, TracedHandler, traceDispatch } from './traced-handler.ts';
import { undiciError } from './undici-errors.ts';

const H1 = ['http/1.1'];
const H2_OR_H1 = ['h2', 'http/1.1'];

export class Pools implements PoolOwner {
  readonly #settings: DispatcherSettings;
  readonly #network: () => Promise<Network>;
  readonly #emitter: EventEmitter;
  readonly #pools = new Map<string, OriginPool>();
  readonly #tlsByName = new Map<string, ConnectionOptions>();
  #closed: Promise<void> | undefined;
  #onIdle: (() => void) | undefined;
  isDestroyed = false;

  constructor(options: unknown, emitter: EventEmitter) {
    this.#settings = parseDispatcherOptions(options);
    this.#network = networkLater(options);
    this.#emitter = emitter;
  }

  get isClosed(): boolean {
    return this.#closed !== undefined;
  }

  get clientOptions(): ClientOptions {
    return this.#settings.clientOptions;
  }

  get connections(): number {
    return this.#settings.connections;
  }

  get stats(): Record<string, PoolStats> {
    const stats: Record<string, PoolStats> = {};
    for (const { target, stats: more } of this.#pools.values()) {
      const known = stats[target.url.origin];
      stats[target.url.origin] = known ? sumOf(known, more) : more;
    }
    return stats;
  }

  /**
   * Prepares a dispatch.
   *
   * @returns a function that begins it.
   * @throws undici's ClientDestroyedError, ClientClosedError, InvalidArgumentError.
   */
  prepare(given: DispatchOptions, handler: FirstHandler): () => boolean {
    if (this.isDestroyed) throw undiciError('UND_ERR_DESTROYED');
    if (this.isClosed) throw undiciError('UND_ERR_CLOSED');
    const options = withOneLength(given);
    const pool = this.#poolOf(options);
    const { isSecure, servername } = pool.target;
    // undici would connect again for another name than that of its connection.
    const named = isSecure ? { ...options, servername: servername ?? NAMED_BY_ORIGIN } : options;
    const begin = (own: FirstHandler) => pool.add(new Exchange(named, own, pool, this.#settings.replayLimit));
    const tracer = traceDispatch(options);
    if (!tracer) return () => begin(handler);
    return () => tracer.start(() => begin(new TracedHandler(handler, tracer)));
  }

  async open({ target, tcp }: OriginPool, signal: AbortSignal): Promise<NetworkConnection> {
    const { url, isUpgrade: isTunnel, allowH2, servername } = target;
    const network = await this.#network();
    const start = performance.now();
    const opened = network.open(url, {
      form: isTunnel ? 'tunnel' : 'requests',
      alpn: allowH2 ? H2_OR_H1 : H1,
      tls: servername === undefined ? undefined : this.#tlsFor(servername),
      tcp,
      signal,
    });
    try {
      const connection = await opened;
      if (!connection.isReused) noteConnectTime(connection.socket, performance.now() - start);
      return connection;
    } catch (error) {
      // The time-out of a direct route: what retries by code knows undici's.
      throw error instanceof AttemptTimeout ? undiciError('UND_ERR_CONNECT_TIMEOUT', error.message, error) : error;
    }
  }

  onConnect({ target }: OriginPool, { client }: Line): void {
    this.#emit('connect', target.url, [this.#emitter, client]);
  }

  onDisconnect({ target }: OriginPool, { client }: Line, error: Error): void {
    this.#emit('disconnect', target.url, [this.#emitter, client], error);
  }

  onConnectionError({ target }: OriginPool, error: Error): void {
    this.#emit('connectionError', target.url, [this.#emitter], error);
  }

  onDrain({ target }: OriginPool): void {
    this.#emit('drain', target.url, [this.#emitter]);
  }

  #emit(event: string, ...args: unknown[]): void {
    callListener(() => this.#emitter.emit(event, ...args));
  }

  onEnded(pool: OriginPool): void {
    if (pool.isUnused) this.#pools.delete(keyOf(pool.target));
    if (this.#onIdle && this.#isIdle) this.#onIdle();
  }

  close(): Promise<void> {
    this.#closed ??= (async () => {
      await new Promise<void>((resolve) => {
        this.#onIdle = resolve;
        if (this.#isIdle) resolve();
      });
      await this.destroy(undiciError('UND_ERR_DESTROYED'));
    })();
    return this.#closed;
  }

  async destroy(error: Error): Promise<void> {
    this.isDestroyed = true;
    await Promise.all([...this.#pools.values()].map((pool) => pool.destroy(error)));
  }

  get #isIdle(): boolean {
    return [...this.#pools.values()].every((pool) => pool.isIdle);
  }

  #poolOf(options: DispatchOptions): OriginPool {
    const target = this.#targetOf(options);
    const key = keyOf(target);
    const known = this.#pools.get(key);
    if (known) return known;
    // Listeners get this object and may change it.
    const pool = new OriginPool({ ...target, url: new URL(target.url) }, this);
    this.#pools.set(key, pool);
    return pool;
  }

  #targetOf(options: DispatchOptions): PoolTarget {
    const { url, text, isSecure } = originOf(options);
    return {
      url,
      origin: text,
      isSecure,
      isUpgrade: isUpgrade(options),
      allowH2: isSecure && this.#settings.allowH2 && options.allowH2 !== false && !isUpgrade(options),
      servername: isSecure ? servernameOf(options) : undefined,
    };
  }

  /** The same object for the same name. */
  #tlsFor(servername: string): ConnectionOptions {
    const known = this.#tlsByName.get(servername) ?? { servername };
    this.#tlsByName.set(servername, known);
    return known;
  }
}

/** undici takes any constant name as that of its connection. */
const NAMED_BY_ORIGIN = 'origin.invalid';

/** The name that a server's certificate has to have: the caller's, or that of its Host field, as undici has it. */
function servernameOf({ servername, headers }: DispatchOptions): string | undefined {
  if (servername) return servername;
  const host = fieldOf(headers, 'host');
  const hostname = host === undefined ? undefined : validUrl(`https://${host}`)?.hostname;
  return hostname === undefined || /^[\d.]+$|^\[/.test(hostname) ? undefined : hostname;
}

function keyOf({ origin, isUpgrade: isTunnel, allowH2, servername = '' }: PoolTarget): string {
  return `${origin} ${isTunnel ? 'tunnel' : ''} ${allowH2 ? 'h2' : ''} ${servername}`;
}

function sumOf(a: PoolStats, b: PoolStats): PoolStats {
  return {
    connected: a.connected + b.connected,
    free: a.free + b.free,
    pending: a.pending + b.pending,
    queued: a.queued + b.queued,
    running: a.running + b.running,
    size: a.size + b.size,
  };
}
