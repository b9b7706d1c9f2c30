/** Examines a URL phase by phase, until one fails. */
import type { Socket } from 'node:net';
import type { CredentialSource } from '../../auth/auth-types.ts';
import type { BackendName } from '../../backend.ts';
import { describeCertificateFault } from '../../certificate-fault.ts';
import { redactUrls } from '../../diagnostics/redact.ts';
import { resolveProxy } from '../../proxy/resolve-proxy.ts';
import { NO_CHOICE, type ProxyServer, proxyFor, serverOfRoute } from '../../proxy/set-proxy.ts';
import type { ProxyRoute, ProxySource } from '../../proxy/types.ts';
import { parseUrl, type RequestUrl, targetOf } from '../../winhttp/portable/url.ts';
import { errorText } from '../error-text.ts';
import { usage } from '../exit.ts';
import { millisecondsSince, withoutUser } from '../format.ts';
import { answerFault } from './answer-fault.ts';
import type { ProxyReport, ResolutionReport, TlsReport, UrlReport } from './doctor-report.ts';
import { tryLogOn } from './log-on.ts';
import { requestTunnel, sendRequest } from './node-requests.ts';
import { openConnection, openTls, resolveName } from './phases.ts';
import { tryHandshake, tryRequest } from './winwire-requests.ts';

interface Examination {
  readonly url: string;
  readonly backend: BackendName;
  readonly subprotocols: readonly string[];
  /** The value of --proxy or --pac. */
  readonly source?: ProxySource | 'direct' | undefined;
  /** Time limit for all phases in milliseconds. */
  readonly limit: number;
  readonly interrupt: AbortSignal;
  readonly proxyCredentials?: CredentialSource | undefined;
  readonly problem: (text: string) => void;
}

export async function examine(examination: Examination): Promise<UrlReport> {
  const { interrupt, limit, problem } = examination;
  const target = parseTarget(examination.url);
  const timeout = AbortSignal.timeout(limit);
  const signal = AbortSignal.any([interrupt, timeout]);
  const { report, routes } = await resolution(examination, signal);
  const examiner = new Examiner(examination, target, report, signal);
  try {
    if (examination.source !== undefined) examiner.useRoute(routes[0]);
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

/** The result of the package's own look-up; a failure is not a problem of the URL. */
async function resolution({ url, backend, source: given }: Examination, signal: AbortSignal): Promise<Resolved> {
  const nothing = { routes: undefined, source: undefined, by: undefined, warnings: [] };
  if (given === 'direct') return { routes: [], report: { ...nothing, error: 'not asked: --proxy direct' } };
  try {
    const found = await resolveProxy(url, { backend, signal, ...(given && { from: given }) });
    const { routes, source, by, warnings } = found;
    const texts = warnings.map(({ message }) => message);
    return { routes, report: { routes: String(found), source, by, warnings: texts, error: undefined } };
  } catch (error) {
    return { routes: [], report: { ...nothing, error: errorText(error) } };
  }
}

/** The result of `resolveProxy`; no route if it failed. */
interface Resolved {
  readonly routes: readonly ProxyRoute[];
  readonly report: ResolutionReport;
}

interface Target {
  readonly isWebSocket: boolean;
  /** The URL with http: or https:. */
  readonly parsed: RequestUrl;
}

function parseTarget(url: string): Target {
  const [, scheme = ''] = /^(https?|wss?):\/\//i.exec(url) ?? [];
  if (scheme === '') throw usage('doctor takes a URL of http:, https:, ws: or wss:');
  const isWebSocket = /^ws/i.test(scheme);
  const parsed = parseUrl(isWebSocket ? url.replace(/^ws/i, 'http') : url);
  if (typeof parsed === 'number')
    throw usage('the URL is invalid: doctor takes one such as https://example.org/ or localhost:8080');
  return { isWebSocket, parsed };
}

class Examiner {
  /** The current phase, for the message if it fails. */
  phase = 'proxy';
  readonly report: UrlReport;
  readonly #examination: Examination;
  readonly #target: Target;
  readonly #signal: AbortSignal;
  #proxy: ProxyServer | undefined;
  #socket: Socket | undefined;
  #isTunnelled = false;
  /** The problem if the proxy answers 407 and no log-on succeeds. */
  #unanswered: string | undefined;

  constructor(examination: Examination, target: Target, resolution: ResolutionReport, signal: AbortSignal) {
    this.#examination = examination;
    this.#target = target;
    this.#signal = signal;
    // A WebSocketConnection goes direct, and the system's objects have their own settings.
    const usesEnvironment = !target.isWebSocket && examination.backend === 'portable';
    this.#proxy = usesEnvironment ? proxyFor(targetOf(target.parsed), NO_CHOICE, process.env) : undefined;
    this.report = { url: redactUrls(withoutUser(examination.url)), proxy: this.#proxyReport(), resolution, times: {} };
  }

  /** Uses the route of --proxy or --pac; without one the look-up has failed. */
  useRoute(route: ProxyRoute | undefined): void {
    const { source } = this.#examination;
    const { error } = this.report.resolution;
    if (route === undefined && source !== 'direct') throw new Error(error);
    this.#proxy = route && serverOfRoute(route);
    const server = this.#proxy && `${this.#proxy.host}:${this.#proxy.port}`;
    const option = typeof source === 'object' && 'pac' in source ? '--pac' : '--proxy';
    this.report.proxy = { source: server === undefined ? 'direct' : option, server };
  }

  async run(): Promise<void> {
    const start = performance.now();
    const socket = await this.#connect();
    if (!socket) return this.#logOn();
    this.phase = 'answer';
    if (this.#target.isWebSocket) await this.#handshake(socket);
    else await this.#sendRequest(socket);
    this.report.times.total = millisecondsSince(start);
    await this.#logOn();
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

  /** Returns the connection for requests; undefined if it failed, which is reported. */
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
    this.#isTunnelled = this.#proxy !== undefined && (parsed.secure || this.#target.isWebSocket);
    if (this.#isTunnelled && this.#proxy) socket = await this.#tunnel(socket, this.#proxy);
    if (!socket || !parsed.secure) return socket;
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
      requestTunnel(socket, `${name}:${port}`, authorizationFor(proxy), this.#signal),
    );
    if (!opened.socket) {
      this.report.response = opened.report;
      const { status, statusText } = opened.report;
      this.#refused(status, `the proxy opens no tunnel: ${status} ${statusText}`);
    }
    return opened.socket;
  }

  async #sendRequest(socket: Socket): Promise<void> {
    const { parsed } = this.#target;
    const target = `${parsed.path}${parsed.query}`;
    const isProxied = this.#proxy !== undefined && !parsed.secure;
    const authorization = isProxied && this.#proxy ? authorizationFor(this.#proxy) : undefined;
    const options = {
      path: isProxied ? `${parsed.origin}${target}` : target,
      headers: { Host: parsed.authority, ...(authorization ? { 'Proxy-Authorization': authorization } : {}) },
    };
    const answer = await this.#timed('firstByte', 'answer', () => sendRequest(socket, options, this.#signal));
    this.report.response = answer.report;
    this.phase = 'body';
    let text = '';
    try {
      text = await answer.finish();
    } finally {
      const fault = answerFault(answer.report, text);
      if (fault !== undefined) this.#refused(answer.report.status, fault);
    }
  }

  #refused(status: number, problem: string): void {
    if (status === 407 && this.#proxy) this.#unanswered = problem;
    else this.#examination.problem(problem);
  }

  /** Tries the log-on that a proxy asks for. */
  async #logOn(): Promise<void> {
    const { response } = this.report;
    if (!response) return;
    this.phase = 'log-on';
    const { backend, source, proxyCredentials, problem } = this.#examination;
    const url = new URL(`${this.#target.parsed.origin}${this.#target.parsed.path}`);
    const logOn = { url, backend, source, proxyCredentials, isTunnelled: this.#isTunnelled };
    const report = await tryLogOn(logOn, response, this.#signal);
    if (report) this.report.logOn = report;
    const isAnswered = report?.by === 'proxy' && report.error === undefined;
    if (this.#unanswered === undefined || isAnswered) return;
    problem(this.#unanswered);
    if (report?.error !== undefined) problem(`log-on: ${report.error}`);
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
    const { url, backend, source, problem } = this.#examination;
    const report = await tryRequest(url, { backend, source }, this.#signal);
    this.#signal.throwIfAborted();
    this.report.winwire = report;
    // The examination has already reported the certificate's error.
    const isKnown = this.report.tls?.error !== undefined && /_SECURE_(?!CHANNEL)/.test(report.error ?? '');
    if (report.error !== undefined && !isKnown) problem(`WinHttpRequest: ${report.error}`);
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
    if (error !== undefined) {
      const fault = describeCertificateFault(error, this.#target.parsed.host, chain);
      this.#examination.problem(`certificate: ${fault}`);
    }
    const [first] = chain;
    const days = first ? Math.floor((Date.parse(first.validTo) - Date.now()) / DAY) : undefined;
    if (error === undefined && days !== undefined && days < SOON) {
      this.#examination.problem(`certificate: it is valid for ${days} days more only`);
    }
  }
}

const DAY = 24 * 60 * 60 * 1000;
/** A certificate that expires within this many days is a problem. */
const SOON = 7;

function authorizationFor({ userName, password }: ProxyServer): string | undefined {
  if (userName === undefined) return undefined;
  return `Basic ${Buffer.from(`${userName}:${password}`).toString('base64')}`;
}
