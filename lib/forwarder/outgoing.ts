/** The connections of the forwarder to servers, by the routes of its options. */
import { routingOf } from '../proxy/proxy-option.ts';
import type { ProxyOption, ProxyResolution } from '../proxy/types.ts';
import { Network } from '../tunnel/network.ts';
import type { NetworkConnection } from '../tunnel/network-connection.ts';
import { type NetworkOptions, parseNetworkOptions } from '../tunnel/network-options.ts';
import type { Listeners } from './listeners.ts';
import { Refusal } from './refusal.ts';
import type { ForwardTarget } from './request-plan.ts';

/** The settings that the proxy is named by, if the caller names none: never the environment, which may name us. */
const DEFAULT_PROXY: ProxyOption = 'system';

export class Outgoing {
  readonly #network: Network;
  readonly #listeners: () => Listeners | undefined;

  /** @throws {TypeError}, {RangeError} for invalid options. */
  constructor(options: NetworkOptions, listeners: () => Listeners | undefined) {
    const { proxy = DEFAULT_PROXY, backend } = options;
    this.#listeners = listeners;
    // Validates the option, which the function below hides from the network.
    parseNetworkOptions({ ...options, proxy }, DEFAULT_PROXY);
    const guarded = async (url: URL, signal: AbortSignal) => {
      const routing = await routingOf(proxy, url, backend, signal);
      await this.#checkRoutes(url, routing);
      return routing as ProxyResolution;
    };
    this.#network = new Network({ ...options, proxy: guarded }, DEFAULT_PROXY);
  }

  /** @throws {Refusal} 508 if the way leads back here; as {@link Network.open} does. */
  openTunnel({ url }: ForwardTarget, via: string, signal: AbortSignal): Promise<NetworkConnection> {
    return this.#network.open(url, { form: 'tunnel', secure: false, isNew: true, signal, proxyHeaders: { Via: via } });
  }

  /**
   * Opens a connection for requests of one client: on one of several clients, a server that authenticates connections
   * would take one client for another.
   */
  openRequests({ url }: ForwardTarget, signal: AbortSignal): Promise<NetworkConnection> {
    return this.#network.open(url, { form: 'requests', isNew: true, signal });
  }

  destroy(): void {
    this.#network.destroy();
  }

  async #checkRoutes(url: URL, { routes }: Pick<ProxyResolution, 'routes'>): Promise<void> {
    const listeners = this.#listeners();
    const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
    // Another proxy of this machine leads back here too.
    if (await listeners?.includes(url.hostname.replace(/^\[|\]$/g, ''), port)) throw loop('The target is this proxy');
    for (const route of routes) {
      if (route.kind === 'direct' || !(await listeners?.includes(route.host, route.port))) continue;
      throw loop('The settings name this proxy as its own proxy');
    }
  }
}

const loop = (what: string): Refusal => new Refusal(508, `${what}: the request would come back for ever.`);
