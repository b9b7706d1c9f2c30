/** `ProxyAgent`: what http.request and https.request send through the machine's proxies. */
import { Agent, type ClientRequest } from 'node:http';
import type { AgentOptions } from 'node:https';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { withSignal } from '../abort-signal.ts';
import type { Network } from '../tunnel/network.ts';
import type { NetworkConnection } from '../tunnel/network-connection.ts';
import { networkLater } from '../tunnel/network-later.ts';
import { authenticated } from '../tunnel/ready-connection.ts';
import { absoluteHeads } from './absolute-head.ts';
import {
  isSecure,
  type ProxyAgentOptions,
  parseAgentOptions,
  placeOf,
  type RequestOptions,
  tcpOptionsOf,
  tlsOptionsOf,
} from './agent-options.ts';
import { LateSocket } from './late-socket.ts';
import { traceRequest } from './traced-request.ts';

/** Members of Node's Agent that its documentation does not name, and that agents of other packages use as well. */
interface AgentInternals {
  addRequest(request: ClientRequest, options: RequestOptions): void;
}

/** The member of a request's options with the routes to its server and who is authenticated there. */
const WAY = Symbol('winwire.way');
/** How long that is kept, in milliseconds, where no user is authenticated. */
const WAY_TIME = 1_000;
const MAX_WAYS = 1_000;

const internals = Agent.prototype as unknown as AgentInternals;

/**
 * An agent for http: and https: requests: `https.get(url, { agent: new ProxyAgent() })`. Its connections go where the
 * machine's settings say, as the user who is logged on.
 *
 * Source: Node.js, "http.Agent".
 */
export class ProxyAgent extends Agent {
  /** Node's; clients typed for an https.Agent want it. */
  declare options: AgentOptions;
  readonly #network: () => Promise<Network>;
  readonly #ways = new Map<string, { readonly text: string; readonly until: number }>();

  /** @throws {TypeError}, {RangeError} for an unknown or invalid option, and for `proxyEnv`. */
  constructor(options?: ProxyAgentOptions) {
    const { network, agent } = parseAgentOptions(options);
    // null: else Node's own proxies would stand behind ours where NODE_USE_ENV_PROXY is set.
    super({ ...agent, proxyEnv: null } as object);
    this.#network = networkLater(network);
    // node:http would reject requests of the other protocol.
    (this as { protocol?: string }).protocol = undefined;
  }

  /** Called by node:http. */
  addRequest(request: ClientRequest, options: RequestOptions): void {
    const { host, port } = placeOf(options);
    const placed = { ...options, host, port };
    traceRequest(request, urlOf(placed).origin, () => this.#add(request, placed));
  }

  #add(request: ClientRequest, placed: RequestOptions): void {
    if (placed.socketPath) {
      internals.addRequest.call(this, request, placed);
      return;
    }
    const add = (way: string) => internals.addRequest.call(this, request, { ...placed, [WAY]: way } as RequestOptions);
    const url = urlOf(placed);
    const known = this.#ways.get(url.origin);
    if (known && performance.now() < known.until) {
      add(known.text);
      return;
    }
    const end = endOf(request);
    const way = withSignal(this.#wayTo(url, end), end);
    way.then(add, (error: Error) => fail(request, end.aborted ? undefined : error));
  }

  /** Returns the routes to a server and who is authenticated there; kept for a moment if it is for everybody. */
  async #wayTo(url: URL, signal: AbortSignal): Promise<string> {
    const network = await this.#network();
    const { text, isPersonal } = await network.describe(url, { form: 'requests', signal });
    if (!isPersonal) {
      for (const oldest of this.#ways.keys()) if (this.#ways.size >= MAX_WAYS) this.#ways.delete(oldest);
      this.#ways.set(url.origin, { text, until: performance.now() + WAY_TIME });
    }
    return text;
  }

  /** Called by node:http: the name of interchangeable connections. */
  override getName(options: object = {}): string {
    const way = (options as { [WAY]?: string })[WAY] ?? '';
    if (!isSecure(options)) return `${super.getName(options as never)}${way}`;
    // Loaded with the first request of https.
    const { Agent: HttpsAgent } = process.getBuiltinModule('node:https');
    return `https:${HttpsAgent.prototype.getName.call(this, options as never)}${way}`;
  }

  /** Called by node:http. Returns a socket at once, which waits for its connection. */
  override createConnection(options: object): Duplex {
    const secure = isSecure(options);
    if ((options as RequestOptions).socketPath) return connectPath(options, secure);
    const url = urlOf(options);
    const end = new AbortController();
    const socket = new LateSocket(secure, () => end.abort());
    this.#open(url, options, end.signal).then(
      (connection) => {
        socket.route = connection.route;
        socket.isForOneRequest = connection.isChosen;
        socket.join(connection.socket, absoluteHeads(url, connection));
      },
      (error: Error) => socket.destroy(error),
    );
    return socket;
  }

  /** @throws {TypeError} always: undici's ProxyAgent is a dispatcher, this one is not. */
  dispatch(): never {
    const message =
      'ProxyAgent is an agent for http.request and https.request. For fetch and undici use ProxyDispatcher.';
    throw Object.assign(new TypeError(message), { code: 'ERR_INVALID_ARG_TYPE' });
  }

  async #open(url: URL, options: RequestOptions, signal: AbortSignal): Promise<NetworkConnection> {
    const use = {
      form: 'requests',
      tls: tlsOf(url, options),
      tcp: tcpOptionsOf(options),
      signal,
      isNew: true,
    } as const;
    const { origin, host } = url;
    const network = await this.#network();
    return authenticated(await network.open(url, use), { origin, host, signal });
  }
}

/** Node's types lack the second parameter. Without an error the request has one: it was destroyed. */
function fail(request: ClientRequest, error: Error | undefined): void {
  (request as unknown as { onSocket(socket: null, error?: Error): void }).onSocket(null, error);
}

/** Returns a signal for the end of a request: before it has a socket, node:http emits nothing when it is destroyed. */
function endOf(request: ClientRequest): AbortSignal {
  const end = new AbortController();
  const { destroy } = request;
  request.destroy = (error) => {
    destroy.call(request, error);
    end.abort();
    return request;
  };
  return end.signal;
}

function urlOf(options: RequestOptions): URL {
  const { host, port } = placeOf(options);
  return new URL(`${isSecure(options) ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${port}`);
}

const tlsOf = ({ protocol }: URL, options: RequestOptions) =>
  protocol === 'https:' ? tlsOptionsOf(options) : undefined;

/** A socket of this machine is never behind a proxy. */
function connectPath({ socketPath: path, ...options }: RequestOptions, secure: boolean): Socket {
  const place = { path: path as string };
  return secure ? process.getBuiltinModule('node:tls').connect({ ...tlsOptionsOf(options), ...place }) : connect(place);
}
