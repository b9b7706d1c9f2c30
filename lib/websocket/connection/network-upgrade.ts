/** The opening handshake of a connection that goes through proxies, or to a server that asks for authentication. */
import { Agent as HttpAgent, type IncomingMessage, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Socket } from 'node:net';
import { abortErrorOf, onAbort } from '../../abort-signal.ts';
import type { BackendName } from '../../backend.ts';
import { invalidArgumentValue } from '../../errors.ts';
import { ResponseHead } from '../../http1/response-head.ts';
import { startLimit } from '../../time-limit.ts';
import { Network } from '../../tunnel/network.ts';
import type { NetworkConnection } from '../../tunnel/network-connection.ts';
import { ConnectionError } from './connection-errors.ts';

/** The options of a connection that matter here, beside those of node:net and node:tls. */
export interface NetworkUpgradeOptions {
  readonly backend?: BackendName | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly credentials?: unknown;
}

/** One request for an upgrade. */
export interface UpgradeAttempt {
  /** Options of node:http by which the request goes on the connection's socket. */
  readonly transport: Pick<RequestOptions, 'agent' | 'createConnection' | 'defaultPort'>;
  /** The fields that authenticate the request. */
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds that are left. */
  readonly timeout: number;
  /** Processes the answer: returns whether the request is to be sent again, after the body was read. */
  onAnswer(answer: IncomingMessage): Promise<boolean>;
  /** Why the server's challenge was not answered. */
  failure(): Error | undefined;
}

/** What opens the transport in another way. */
const OTHER_WAYS = ['agent', 'createConnection', 'socketPath'] as const;

/**
 * Opens a socket to the target of an http: or https: URL by its first route that works, with TLS for https:, and sends
 * the request as often as the server's authentication takes. `send` returns undefined where `onAnswer` asks for it again.
 *
 * @throws {TypeError} for invalid options, or `proxy` beside another way to connect; {ProxyConnectionError};
 *   {ConnectionError} ERR_WEBSOCKET_TIMEOUT after `timeout` milliseconds; {AbortError}; as `send`.
 */
export async function upgradeByNetwork<Result>(
  target: URL,
  options: NetworkUpgradeOptions,
  timeout: number,
  send: (attempt: UpgradeAttempt) => Promise<Result | undefined>,
): Promise<Result> {
  const network = new Network(
    { ...pick(options, NETWORK_OPTIONS), connectTimeout: Number.POSITIVE_INFINITY },
    'direct',
  );
  const [other] = Object.entries(pick(options, OTHER_WAYS));
  if (other) throw invalidArgumentValue(other[0], 'undefined where "proxy" or "credentials" is set', other[1]);
  const clock = new Clock(timeout, options.signal);
  let legs: Legs | undefined;
  try {
    const url = new URL(target.href.replace(/^http/, 'ws'));
    const [tcp, tls] = [pick(options, ADDRESS_OPTIONS), pick(options, TLS_OPTIONS)];
    const connection = await network.open(url, { form: 'tunnel', tcp, tls, signal: clock.signal });
    legs = new Legs(connection, target, clock, options.credentials !== undefined);
    for (;;) {
      const result = await send(await legs.next());
      if (result !== undefined) return result;
    }
  } catch (error) {
    legs?.connection.destroy();
    throw clock.errorOf(error);
  } finally {
    clock.stop();
  }
}

/** The time limit and the signal of all steps. */
class Clock {
  readonly #end = new AbortController();
  readonly #given: AbortSignal | undefined;
  readonly #until: number;
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #stop: (() => void) | undefined;

  constructor(timeout: number, given: AbortSignal | undefined) {
    this.#given = given;
    this.#until = performance.now() + timeout;
    this.#timer = startLimit(timeout, () => this.#end.abort());
    this.#stop = given && onAbort(given, () => this.#end.abort(given.reason));
  }

  get signal(): AbortSignal {
    return this.#end.signal;
  }

  get rest(): number {
    return Math.max(1, this.#until - performance.now());
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#stop?.();
  }

  errorOf(error: unknown): unknown {
    if (this.#given?.aborted) return abortErrorOf(this.#given);
    if (!this.signal.aborted) return error;
    return new ConnectionError('ERR_WEBSOCKET_TIMEOUT', 'The connection through the proxy took too long', error);
  }
}

/** Maximum number of bytes of a refusal's body that are read to keep the connection. */
const MAX_BODY = 64 * 1024;

/** The requests on one connection after the other. */
class Legs {
  connection: NetworkConnection;
  readonly #target: string;
  readonly #clock: Clock;
  readonly #isSecure: boolean;
  readonly #mayRepeat: boolean;

  /** `mayRepeat`: the server may be answered, on the same connection. */
  constructor(connection: NetworkConnection, { pathname, search, protocol }: URL, clock: Clock, mayRepeat: boolean) {
    this.connection = connection;
    this.#target = pathname + search;
    this.#isSecure = protocol === 'https:';
    this.#clock = clock;
    this.#mayRepeat = mayRepeat;
  }

  async next(): Promise<UpgradeAttempt> {
    const { connection } = this;
    const headers = await connection.authorization({ method: 'GET', target: this.#target });
    return {
      transport: this.#mayRepeat
        ? { agent: agentOf(connection.socket, this.#isSecure) }
        : { createConnection: () => connection.socket, defaultPort: this.#isSecure ? 443 : 80 },
      headers,
      timeout: this.#clock.rest,
      onAnswer: (answer) => this.#accept(answer),
      failure: () => connection.serverAuth?.failure,
    };
  }

  async #accept(answer: IncomingMessage): Promise<boolean> {
    const { statusCode = 0, statusMessage = '', rawHeaders, httpVersion } = answer;
    const head = new ResponseHead(statusCode, statusMessage, rawHeaders, httpVersion === '1.0');
    const outcome = await this.connection.accept(head);
    if (outcome === 'final') return false;
    if (outcome === 'again' && (await drain(answer))) return true;
    this.connection = await this.connection.reopen(this.#clock.signal);
    return true;
  }
}

/** Reads the body; false if it is too long. */
async function drain(answer: IncomingMessage): Promise<boolean> {
  let size = 0;
  for await (const chunk of answer) {
    size += (chunk as Buffer).length;
    if (size > MAX_BODY) return false;
  }
  return true;
}

const agents = new WeakMap<Socket, HttpAgent>();

/** Returns the agent that sends requests on this socket, which stays open between them. */
function agentOf(socket: Socket, isSecure: boolean): HttpAgent {
  const known = agents.get(socket);
  if (known) return known;
  const agent = new (isSecure ? HttpsAgent : HttpAgent)({ keepAlive: true, maxSockets: 1 });
  Object.assign(agent, { createConnection: () => socket });
  agents.set(socket, agent);
  return agent;
}

const NETWORK_OPTIONS = ['backend', 'proxy', 'proxyCredentials', 'credentials'] as const;
const ADDRESS_OPTIONS = ['family', 'hints', 'localAddress', 'localPort', 'lookup', 'autoSelectFamily'] as const;
const TLS_OPTIONS = [
  ...['ca', 'cert', 'checkServerIdentity', 'ciphers', 'crl', 'ecdhCurve', 'key', 'maxVersion', 'minVersion'],
  ...['passphrase', 'pfx', 'rejectUnauthorized', 'secureContext', 'secureOptions', 'servername', 'session', 'sigalgs'],
] as const;

function pick(options: object, names: readonly string[]): object {
  const given = options as Readonly<Record<string, unknown>>;
  return Object.fromEntries(names.filter((name) => given[name] !== undefined).map((name) => [name, given[name]]));
}
