/** A whole request: as many exchanges as challenges, redirects and lost connections ask for, and one response. */
import type { WinwireError } from '../../errors.ts';
import { WinwireError as Failure } from '../../errors.ts';
import { HResult } from '../../hresult.ts';
import type { ResponseHead } from '../../http1/response-head.ts';
import type { ConnectTimes } from '../request-object.ts';
import { AuthenticationState } from './authentication-state.ts';
import { Cancellation } from './cancellation.ts';
import { Connection } from './http-connection.ts';
import { Exchange, type ExchangeListener, type Reach } from './http-exchange.ts';
import type { Plan } from './plan.ts';
import { type ProxyServer, proxyFor } from './proxy.ts';
import { nextRequest } from './redirects.ts';
import { requestHead, wantsClose } from './request-head.ts';
import { connectBy, idleFor, type Route } from './route.ts';
import { sendFailure } from './transport-failure.ts';
import type { RequestUrl } from './url.ts';
import { escapeTarget } from './url-escape.ts';

/** What a request tells of its response. `onEnd` or `onFail` is the last thing; after `cancel` there is nothing. */
export interface TransactionListener {
  /** A connection was opened: the first one, or another. */
  onConnected(times: ConnectTimes): void;
  onHead(head: ResponseHead, url: RequestUrl): void;
  /** False to be sent nothing more until `resume`. */
  onData(chunk: Buffer): boolean;
  onEnd(): void;
  onFail(error: WinwireError): void;
  onSent(sent: number, total: number): void;
}

export class Transaction implements ExchangeListener {
  readonly #plan: Plan;
  readonly #listener: TransactionListener;
  readonly #cancellation = new Cancellation();
  readonly #authentication: AuthenticationState;
  #url: RequestUrl;
  #method: string;
  #body: Buffer | undefined;
  #hops = 0;
  #proxy: ProxyServer | undefined;
  #exchange: Exchange | undefined;
  /** What comes after this exchange, whose response nobody wants then. */
  #then: (() => void) | undefined;
  #drained = 0;
  #storing: Promise<void> | undefined;
  #isReferenced = true;

  constructor(plan: Plan, listener: TransactionListener) {
    this.#plan = plan;
    this.#listener = listener;
    this.#url = plan.url;
    this.#method = plan.method;
    this.#body = plan.body;
    this.#authentication = new AuthenticationState(plan);
  }

  /** Begins. Tells nothing before the next turn. */
  start(): void {
    const selection = this.#plan.certificateSelection;
    if (selection === undefined) {
      this.#go(idleFor);
      return;
    }
    const detail = `the certificate store, for ${JSON.stringify(selection)}, is Windows': give { cert, key } or { pfx } here`;
    queueMicrotask(() => this.#fail(sendFailure(HResult.ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED, detail)));
  }

  /** Gives up; the connection is closed at once. */
  cancel(): void {
    this.#cancellation.cancel();
    this.#exchange?.cancel();
    this.#exchange = undefined;
  }

  resume(): void {
    this.#exchange?.resume();
  }

  /** See {@link Exchange.lend}. */
  lend(): void {
    this.#exchange?.lend();
  }

  setRef(isReferenced: boolean): void {
    this.#isReferenced = isReferenced;
    this.#cancellation.setRef(isReferenced);
    this.#exchange?.setRef(isReferenced);
  }

  // One exchange

  #go(idle: (route: Route) => Connection | undefined): void {
    this.#proxy = proxyFor(this.#url, this.#plan.proxy, this.#plan.environment);
    this.#authentication.useProxy(this.#proxy);
    const { tls, maxHeaderSize } = this.#plan;
    const proxyUser = this.#authentication.proxyUser;
    const route = { url: this.#url, proxy: this.#proxy, tls, maxHeaderSize, proxyUser };
    const connection = idle(route);
    if (!connection) this.#connect(route);
    else connection.whenPolled(isIdempotent(this.#method), () => this.#exchangeOrAnother(connection));
  }

  /** An idle connection may turn out to be closed: then the next one is as good. */
  #exchangeOrAnother(connection: Connection): void {
    if (connection.isLost) this.#unlessCancelled(() => this.#go(idleFor));
    else this.#exchangeOn(connection);
  }

  #connect(route: Route): void {
    connectBy(route, this.#plan.timeouts, this.#cancellation, () => this.#tunnelHead()).then(
      (found) => (found instanceof Connection ? this.#exchangeOn(found) : this.#onTunnelRefused(found)),
      (error: Error) => this.#fail(error),
    );
  }

  #exchangeOn(connection: Connection): void {
    this.#cancellation.connected();
    if (this.#cancellation.isCancelled) {
      connection.destroy();
      return;
    }
    if (connection.times) this.#listener.onConnected(connection.times);
    connection.times = undefined;
    const { headers, timeouts, isOne } = this.#plan;
    const request = {
      head: this.#head(),
      isHead: this.#method === 'HEAD',
      body: this.#body,
      closes: !isOne || wantsClose(headers),
      timeouts,
      maxHeaderSize: this.#plan.maxHeaderSize,
    };
    this.#drained = 0;
    this.#exchange = new Exchange(connection, request, this);
    this.#exchange.start();
    if (!this.#isReferenced) this.#exchange?.setRef(false);
  }

  #head(): string {
    const { headers, userAgent, isOne, cookies, escaping } = this.#plan;
    const method = this.#method === '' ? 'GET' : this.#method;
    const path = escapeTarget(this.#url.path, this.#url.query, escaping);
    const isProxied = this.#proxy !== undefined && !this.#url.secure;
    const target = isProxied ? `http://${this.#url.authority}${path}` : path;
    return requestHead({
      method,
      target,
      isOne,
      authority: this.#url.authority,
      headers,
      userAgent,
      cookies: cookies.for(this.#url),
      bodyLength: this.#body?.length,
      authorization: this.#authentication.server({ method, target: path }, this.#url),
      proxyAuthorization: isProxied ? this.#authentication.proxy({ method, target }) : undefined,
      isProxied,
    });
  }

  #tunnelHead(): string {
    const target = `${this.#url.authority}${/:\d+$/.test(this.#url.authority) ? '' : ':443'}`;
    const answer = this.#authentication.proxy({ method: 'CONNECT', target });
    const authorization = answer === undefined ? '' : `Proxy-Authorization: ${answer}\r\n`;
    const agent = `User-Agent: ${this.#plan.userAgent}\r\n`;
    return `CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n${agent}Proxy-Connection: Keep-Alive\r\n${authorization}\r\n`;
  }

  /** Without a tunnel only a challenge is an answer that the caller can do something with. */
  #onTunnelRefused(head: ResponseHead): void {
    if (this.#cancellation.isCancelled) return;
    if (head.status !== 407) {
      const detail = `the proxy opens no tunnel: ${head.status} ${head.statusText}`;
      this.#fail(sendFailure(HResult.ERROR_WINHTTP_CANNOT_CONNECT, detail));
    } else if (this.#answers(head)) {
      this.#go(none);
    } else if (!this.#cancellation.isCancelled) {
      this.#listener.onHead(head, this.#url);
      this.#listener.onEnd();
    }
  }

  // What the exchange tells

  onHead(head: ResponseHead): void {
    const cookies = head.all('set-cookie');
    if (cookies.length > 0) this.#storing = this.#plan.cookies.store(this.#url, cookies);
    if (head.status >= 300 && head.status <= 407 && this.#isFollowed(head)) return;
    if (!this.#cancellation.isCancelled) this.#listener.onHead(head, this.#url);
  }

  onData(chunk: Buffer): boolean {
    if (!this.#then) return this.#listener.onData(chunk);
    this.#drained += chunk.length;
    if (this.#drained > this.#plan.maxDrain) this.#leaveEarly();
    return true;
  }

  onEnd(): void {
    this.#exchange = undefined;
    const then = this.#then;
    this.#then = undefined;
    const storing = this.#storing;
    this.#storing = undefined;
    if (storing) void storing.finally(() => this.#unlessCancelled(then ?? (() => this.#listener.onEnd())));
    else if (then) queueMicrotask(() => this.#unlessCancelled(then));
    else this.#listener.onEnd();
  }

  onFail(error: WinwireError, reach: Reach): void {
    this.#exchange = undefined;
    const isSentAgain = reach === 'unsent' || (reach === 'sent' && isIdempotent(this.#method));
    // The rest of a response that nobody wants may go wrong.
    const then = this.#then ?? (isSentAgain ? () => this.#go(none) : () => this.#fail(error));
    this.#then = undefined;
    queueMicrotask(() => this.#unlessCancelled(then));
  }

  onSent(sent: number, total: number): void {
    this.#listener.onSent(sent, total);
  }

  /** Whether another exchange follows; what follows is kept until this one is over. */
  #isFollowed(head: ResponseHead): boolean {
    if (head.status === 401 || head.status === 407) {
      if (this.#answers(head)) this.#then = () => this.#go(idleFor);
      return this.#then !== undefined || this.#cancellation.isCancelled;
    }
    const next = nextRequest(head, this.#url, this.#method, this.#hops, this.#plan.redirects);
    if (next.kind === 'final') return false;
    if (next.kind === 'failure') {
      this.#abandon(sendFailure(next.hresult, next.detail));
      return true;
    }
    this.#then = () => {
      this.#hops++;
      this.#url = next.url;
      this.#method = next.method;
      if (!next.keepsBody) this.#body = undefined;
      this.#go(idleFor);
    };
    return true;
  }

  /** Takes a challenge; one that only Windows can answer, and was asked to, ends the request. */
  #answers(head: ResponseHead): boolean {
    try {
      return this.#authentication.accept(head, this.#url);
    } catch (error) {
      this.#abandon(error as WinwireError);
      return false;
    }
  }

  #leaveEarly(): void {
    const exchange = this.#exchange;
    this.onEnd();
    exchange?.cancel();
  }

  #abandon(error: WinwireError): void {
    this.cancel();
    queueMicrotask(() => this.#listener.onFail(error));
  }

  #unlessCancelled(then: () => void): void {
    if (!this.#cancellation.isCancelled) then();
  }

  #fail(error: Error): void {
    if (this.#cancellation.isCancelled) return;
    const known =
      error instanceof Failure ? error : sendFailure(HResult.ERROR_WINHTTP_INTERNAL_ERROR, undefined, error);
    this.#listener.onFail(known);
  }
}

const none = (): undefined => undefined;

// RFC 9110 section 9.2.2: only these may be sent again without the caller's knowledge.
const IDEMPOTENT = new Set(['', 'GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);

const isIdempotent = (method: string): boolean => IDEMPOTENT.has(method);
