/** Examines a URL: phase after phase, until one fails. */
import type { Socket } from 'node:net';
import type { BackendName } from '../../backend.ts';
import { redactUrls } from '../../diagnostics/redact.ts';
import { NO_PROXY, type ProxyServer, proxyFor } from '../../winhttp/portable/proxy.ts';
import { parseUrl, type RequestUrl } from '../../winhttp/portable/url.ts';
import { errorText } from '../error-text.ts';
import { usage } from '../exit.ts';
import { millisecondsSince, withoutUser } from '../format.ts';
import type { ProxyReport, ResponseReport, TlsReport, UrlReport } from './doctor-report.ts';
import { openConnection, openTls, resolveName } from './phases.ts';
import { ask, openTunnel } from './plain-request.ts';
import { tryHandshake, tryRequest } from './trial.ts';

interface Examination {
  readonly url: string;
  readonly backend: BackendName;
  readonly subprotocols: readonly string[];
  /** Milliseconds for all of it. */
  readonly limit: number;
  readonly interrupt: AbortSignal;
  readonly problem: (text: string) => void;
}

export async function examine(examination: Examination): Promise<UrlReport> {
  const { url, interrupt, limit, problem } = examination;
  const target = readTarget(url);
  const timeout = AbortSignal.timeout(limit);
  const signal = AbortSignal.any([interrupt, timeout]);
  const examiner = new Examiner(examination, target, signal);
  try {
    await examiner.run();
  } catch (error) {
    interrupt.throwIfAborted();
    problem(
      timeout.aborted
        ? `${examiner.phase}: not finished after ${limit / 1000} s`
        : `${examiner.phase}: ${errorText(error)}`,
    );
  }
  examiner.close();
  return examiner.report;
}

interface Target {
  readonly isWebSocket: boolean;
  /** As http: or https:. */
  readonly parsed: RequestUrl;
}

function readTarget(url: string): Target {
  const [, scheme = ''] = /^(https?|wss?):\/\//i.exec(url) ?? [];
  if (scheme === '') throw usage('the URL is an absolute one: http:, https:, ws: or wss:');
  const isWebSocket = /^ws/i.test(scheme);
  const parsed = parseUrl(isWebSocket ? url.replace(/^ws/i, 'http') : url);
  if (typeof parsed === 'number') throw usage('the URL is not valid');
  return { isWebSocket, parsed };
}

class Examiner {
  /** What is being done, for the message if it fails. */
  phase = 'proxy';
  readonly report: UrlReport;
  readonly #examination: Examination;
  readonly #target: Target;
  readonly #signal: AbortSignal;
  readonly #proxy: ProxyServer | undefined;
  #socket: Socket | undefined;

  constructor(examination: Examination, target: Target, signal: AbortSignal) {
    this.#examination = examination;
    this.#target = target;
    this.#signal = signal;
    // A WebSocketConnection takes a proxy by an agent of the caller only, and the system's objects know their own.
    const usesEnvironment = !target.isWebSocket && examination.backend === 'portable';
    this.#proxy = usesEnvironment ? proxyFor(target.parsed, NO_PROXY, process.env) : undefined;
    this.report = { url: redactUrls(withoutUser(examination.url)), proxy: this.#proxyReport(), times: {} };
  }

  async run(): Promise<void> {
    const start = performance.now();
    const socket = await this.#connect();
    if (!socket) return;
    this.phase = 'answer';
    if (this.#target.isWebSocket) await this.#handshake(socket);
    else await this.#ask(socket);
    this.report.times.total = millisecondsSince(start);
    if (!this.#target.isWebSocket) await this.#tryRequest();
  }

  close(): void {
    this.#socket?.destroy();
  }

  #proxyReport(): ProxyReport {
    const { isWebSocket, parsed } = this.#target;
    if (this.#proxy) {
      const { host, port } = this.#proxy;
      return { source: parsed.secure ? 'HTTPS_PROXY' : 'HTTP_PROXY', server: `${host}:${port}` };
    }
    const isMachines = !isWebSocket && this.#examination.backend === 'system';
    return { source: isMachines ? 'machine' : 'direct', server: undefined };
  }

  /** The connection that requests go over; undefined if it could not be had, and that is told. */
  async #connect(): Promise<Socket | undefined> {
    const { parsed } = this.#target;
    const { host, port } = this.#proxy ?? parsed;
    if (host === '') {
      this.#examination.problem(`${this.report.proxy.source} names no host`);
      return undefined;
    }
    const addresses = await this.#timed('lookup', `name ${host}`, () => resolveName(host));
    this.report.lookup = { host, addresses };
    let socket: Socket | undefined = await this.#timed('connect', `connection to ${host} port ${port}`, () =>
      openConnection(host, port, addresses, this.#signal),
    );
    this.#socket = socket;
    this.report.connection = { address: socket.remoteAddress ?? '', port };
    if (!parsed.secure) return socket;
    if (this.#proxy) socket = await this.#tunnel(socket, this.#proxy);
    if (!socket) return undefined;
    const plain = socket;
    const { socket: secure, report } = await this.#timed('tls', 'TLS', () => openTls(plain, parsed.host, this.#signal));
    this.report.tls = report;
    this.#judgeTls(report);
    return secure;
  }

  async #tunnel(socket: Socket, proxy: ProxyServer): Promise<Socket | undefined> {
    const { host, port } = this.#target.parsed;
    const name = host.includes(':') ? `[${host}]` : host;
    const opened = await this.#timed('tunnel', 'tunnel', () =>
      openTunnel(socket, `${name}:${port}`, authorizationFor(proxy), this.#signal),
    );
    if (!opened.socket) {
      this.report.response = opened.report;
      this.#examination.problem(`the proxy opens no tunnel: ${opened.report.status} ${opened.report.statusText}`);
    }
    return opened.socket;
  }

  async #ask(socket: Socket): Promise<void> {
    const { parsed } = this.#target;
    const target = `${parsed.path}${parsed.query}`;
    const isProxied = this.#proxy !== undefined && !parsed.secure;
    const authorization = isProxied && this.#proxy ? authorizationFor(this.#proxy) : undefined;
    const options = {
      path: isProxied ? `${parsed.origin}${target}` : target,
      headers: { Host: parsed.authority, ...(authorization ? { 'Proxy-Authorization': authorization } : {}) },
    };
    const answer = await this.#timed('firstByte', 'answer', () => ask(socket, options, this.#signal));
    this.report.response = answer.report;
    this.#judgeResponse(answer.report);
    this.phase = 'body';
    await answer.finish();
  }

  async #handshake(socket: Socket): Promise<void> {
    const { url, backend, subprotocols, problem } = this.#examination;
    const options = { backend, subprotocols, signal: this.#signal };
    const { request, response } = await tryHandshake(url, socket, options);
    this.#signal.throwIfAborted();
    this.report.times.firstByte = request.milliseconds;
    this.report.winwire = request;
    if (response) this.report.response = response;
    if (request.error !== undefined) problem(`handshake: ${request.error}`);
  }

  async #tryRequest(): Promise<void> {
    this.phase = 'WinHttpRequest';
    const { url, backend, problem } = this.#examination;
    const report = await tryRequest(url, backend, this.#signal);
    this.#signal.throwIfAborted();
    this.report.winwire = report;
    if (report.error !== undefined) problem(`WinHttpRequest: ${report.error}`);
  }

  async #timed<T>(name: keyof UrlReport['times'], phase: string, action: () => Promise<T>): Promise<T> {
    this.phase = phase;
    const start = performance.now();
    const result = await action();
    this.#signal.throwIfAborted();
    this.report.times[name] = millisecondsSince(start);
    return result;
  }

  #judgeTls({ error, chain }: TlsReport): void {
    if (error !== undefined) this.#examination.problem(`certificate: ${error}`);
    const [first] = chain;
    const days = first ? Math.floor((Date.parse(first.validTo) - Date.now()) / DAY) : undefined;
    if (error === undefined && days !== undefined && days < SOON) {
      this.#examination.problem(`certificate: it is valid for ${days} days more only`);
    }
  }

  #judgeResponse({ status, statusText }: ResponseReport): void {
    if (status === 407 || status >= 500) this.#examination.problem(`answer: ${status} ${statusText}`.trimEnd());
  }
}

const DAY = 24 * 60 * 60 * 1000;
/** A certificate that ends within so many days is a problem already. */
const SOON = 7;

function authorizationFor({ userName, password }: ProxyServer): string | undefined {
  if (userName === undefined) return undefined;
  return `Basic ${Buffer.from(`${userName}:${password}`).toString('base64')}`;
}
