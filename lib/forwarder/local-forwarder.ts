/** The local proxy: its listeners, its clients, and their end. */
import { randomBytes } from 'node:crypto';
import { type AddressInfo, isIP, type Socket } from 'node:net';
import { callListener } from '../call-listener.ts';
import { startTimer } from '../time-limit.ts';
import { PasswordCheck, USER_NAME } from './access.ts';
import { type Answered, ClientConnection, type ConnectionContext, routeText } from './client-connection.ts';
import { type ForwarderSettings, parseForwarderOptions } from './forwarder-options.ts';
import type { Forwarder, ForwarderStatistics } from './forwarder-types.ts';
import { Listeners } from './listeners.ts';
import { Outgoing } from './outgoing.ts';
import { Refusal } from './refusal.ts';

export class LocalForwarder implements Forwarder {
  readonly #settings: ForwarderSettings;
  readonly #outgoing: Outgoing;
  readonly #context: ConnectionContext;
  readonly #connections = new Set<ClientConnection>();
  readonly #waiting = new Set<() => void>();
  #listeners: Listeners | undefined;
  #isClosing = false;
  #counts = { requests: 0, failures: 0, bytesReceived: 0, bytesSent: 0 };

  private constructor(settings: ForwarderSettings) {
    this.#settings = settings;
    this.#outgoing = new Outgoing(settings.network, () => this.#listeners);
    const { limits, replayLimit, password } = settings;
    this.#context = {
      ...{ limits, replayLimit, outgoing: this.#outgoing, password: new PasswordCheck(password) },
      // RFC 9110 section 7.6.3: a pseudonym in place of the host, random so that each forwarder knows its own.
      pseudonym: `winwire-${randomBytes(9).toString('hex')}`,
      onAnswer: (connection, answered) => this.#onAnswer(connection, answered),
    };
  }

  /** @throws as {@link parseForwarderOptions}; {ForwarderError}. */
  static async start(options: unknown): Promise<LocalForwarder> {
    const settings = parseForwarderOptions(options);
    const forwarder = new LocalForwarder(settings);
    const onConnection = (socket: Socket) => forwarder.#onConnection(socket);
    forwarder.#listeners = await Listeners.open(settings.listen, settings.port, onConnection);
    return forwarder;
  }

  get url(): string {
    const { password } = this.#settings;
    const user = password === undefined ? '' : `${USER_NAME}:${percentEncode(password)}@`;
    return `http://${user}${this.#host}:${this.port}`;
  }

  get port(): number {
    return this.#listeners?.port ?? 0;
  }

  get addresses(): readonly string[] {
    return this.#listeners?.addresses ?? [];
  }

  get statistics(): ForwarderStatistics {
    const connections = [...this.#connections];
    return {
      connections: connections.length,
      tunnels: connections.filter(({ isTunnel }) => isTunnel).length,
      ...this.#counts,
    };
  }

  async close({ grace = 0 }: { readonly grace?: number } = {}): Promise<void> {
    this.#isClosing = true;
    const closed = this.#listeners?.close();
    for (const connection of this.#connections) {
      if (connection.isIdle) connection.socket.destroy();
      connection.isLast = true;
    }
    const timer = grace > 0 ? startTimer(grace, () => this.#destroy()) : undefined;
    if (grace === 0) this.#destroy();
    if (this.#connections.size > 0) await new Promise<void>((resolve) => this.#waiting.add(resolve));
    clearTimeout(timer);
    this.#outgoing.destroy();
    await closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** The address for clients of this machine. */
  get #host(): string {
    const [first = '127.0.0.1'] = this.addresses;
    const host = first === '0.0.0.0' ? '127.0.0.1' : first === '::' ? '::1' : first;
    return isIP(host) === 6 ? `[${host}]` : host;
  }

  #destroy(): void {
    for (const { socket } of this.#connections) socket.destroy();
  }

  #onConnection(socket: Socket): void {
    const connection = new ClientConnection(socket, this.#context);
    this.#connections.add(connection);
    socket.once('close', () => this.#onClose(connection));
    const refusal = this.#refusalOf(connection);
    if (refusal) {
      this.#onAnswer(connection, { head: undefined, plan: undefined, start: performance.now(), ...refusal });
      connection.refuse(refusal.error);
    } else void connection.run();
  }

  #refusalOf(connection: ClientConnection): { status: number; error: Refusal } | undefined {
    const { remoteAddress } = connection.socket;
    if (!this.#settings.allowed.has(remoteAddress)) {
      return refusedWith(new Refusal(403, `Clients at ${remoteAddress} are not allowed.`));
    }
    if (this.#isClosing) return refusedWith(new Refusal(503, 'The proxy is closing.'));
    if (this.#connections.size <= this.#settings.limits.connections) return undefined;
    // Clients that have not shown the password must not keep the user out.
    const others = [...this.#connections].filter((other) => other !== connection && !other.socket.destroyed);
    const waiting = others.find(({ isIdle }) => isIdle) ?? others.find(({ isServing }) => !isServing);
    if (waiting) {
      waiting.socket.destroy();
      return undefined;
    }
    return refusedWith(new Refusal(503, 'The proxy has too many connections.', ['Retry-After: 1']));
  }

  #onClose(connection: ClientConnection): void {
    this.#connections.delete(connection);
    this.#counts.bytesReceived += connection.socket.bytesRead;
    this.#counts.bytesSent += connection.socket.bytesWritten;
    if (this.#connections.size === 0) for (const resolve of this.#waiting) resolve();
  }

  #onAnswer({ socket }: ClientConnection, answered: Answered): void {
    const { head, plan, status, error, start } = answered;
    this.#counts.requests++;
    if (error) this.#counts.failures++;
    const { onRequest } = this.#settings;
    if (!onRequest) return;
    const request = {
      client: (socket.remoteAddress ?? (socket.address() as AddressInfo).address ?? '').replace(/^::ffff:(?=\d)/, ''),
      method: head?.method ?? '',
      origin: plan && (plan.kind === 'tunnel' ? `${plan.url.hostname}:${plan.port}` : plan.url.origin),
      status,
      route: routeText(answered),
      milliseconds: Math.round((performance.now() - start) * 10) / 10,
      error: error?.message,
    };
    callListener(() => onRequest(request));
  }
}

const refusedWith = (error: Refusal): { status: number; error: Refusal } => ({ status: error.status, error });

/** Encodes characters that a shell could expand, too: the URL is pasted into command lines. */
const percentEncode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*~]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
