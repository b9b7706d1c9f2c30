/** A whole request: all exchanges needed for challenges, redirects and lost connections, and one response. */
import type { AuthOutcome } from '../../auth/session.ts';
import type { WinwireError } from '../../errors.ts';
import { HResult } from '../../hresult.ts';
import type { ResponseHead } from '../../http1/response-head.ts';
import { proxyFor } from '../../proxy/set-proxy.ts';
import type { ProxyCandidate, ProxyServer } from '../request-object.ts';
import {
  AuthenticationState,
  type AuthHeaders,
  type Identities,
  logonFailure,
  NO_IDENTITIES,
} from './authentication-state.ts';
import { Cancellation } from './cancellation.ts';
import { HeldResponse } from './held-response.ts';
import { Connection, releaseConnection } from './http-connection.ts';
import { Exchange, type ExchangeListener, type SendProgress } from './http-exchange.ts';
import type { Plan } from './plan.ts';
import { nextRequest } from './redirects.ts';
import { requestHead, wantsClose } from './request-head.ts';
import { isIdempotent, type RequestLine, requestLine } from './request-line.ts';
import { connectBy, idleFor, type Route } from './route.ts';
import type { TransactionListener } from './transaction-listener.ts';
import { asSendFailure, peerText, sendFailure } from './transport-failure.ts';
import { tunnelClientOf } from './tunnel-client.ts';
import { type RequestUrl, targetOf } from './url.ts';

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
  /** The current proxy, and the remaining ones, if a source provides the proxies. */
  #candidate: ProxyCandidate | undefined;
  #otherCandidates: ProxyCandidate[] = [];
  #hasAnswered = false;
  #exchange: Exchange | undefined;
  /** The next step after this exchange, whose response is discarded. */
  #then: ((kept?: Connection) => void) | undefined;
  /** The response, while its use is not decided. */
  #held: HeldResponse | undefined;
  /** The head of the response has arrived. */
  #isAnswered = false;
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

  /** Starts the request; the first event is on a later turn. */
  start(): void {
    const selection = this.#plan.certificateSelection;
    if (selection === undefined) {
      this.#go(idleFor);
      return;
    }
    const detail = `the certificate store, for ${JSON.stringify(selection)}, is Windows': give { cert, key } or { pfx } here`;
    queueMicrotask(() => this.#fail(sendFailure(HResult.ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED, detail)));
  }

  /** Cancels the request and closes its connection. */
  cancel(): void {
    this.#cancellation.cancel();
    this.#authentication.close();
    this.#held?.end?.connection?.destroy();
    this.#held = undefined;
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

  #go(idle: (route: Route) => Connection | undefined): void {
    const { proxy, environment, findProxies } = this.#plan;
    if (!findProxies) {
      this.#goBy(proxyFor(targetOf(this.#url), proxy, environment), idle);
      return;
    }
    const end = new AbortController();
    this.#cancellation.onCancel(() => end.abort());
    findProxies(this.#url.href, end.signal).then(
      ([first, ...others]) => {
        this.#candidate = first;
        this.#otherCandidates = others;
        this.#unlessCancelled(() => this.#goBy(first?.server, idle));
      },
      (error: Error) => this.#fail(error),
    );
  }

  #goBy(proxy: ProxyServer | undefined, idle: (route: Route) => Connection | undefined): void {
    this.#proxy = proxy;
    this.#hasAnswered = false;
    this.#authentication.use(this.#url, proxy);
    if (!this.#authentication.isUsed) {
      this.#goAs(NO_IDENTITIES, idle);
      return;
    }
    this.#authentication.identities().then(
      (identities) => this.#unlessCancelled(() => this.#goAs(identities, idle)),
      (error: Error) => this.#fail(error),
    );
  }

  #goAs(identities: Identities, idle: (route: Route) => Connection | undefined): void {
    const { tls, maxHeaderSize } = this.#plan;
    const { isTunneled } = this.#authentication;
    const onAnswer = () => {
      this.#hasAnswered = true;
    };
    const route = { url: this.#url, proxy: this.#proxy, isTunneled, tls, maxHeaderSize, identities, onAnswer };
    const connection = idle(route);
    if (!connection) return void this.#connect(route);
    const next = () =>
      connection.isLost ? this.#unlessCancelled(() => this.#go(idleFor)) : this.#exchangeOn(connection);
    const isRepeatable = isIdempotent(this.#method);
    // After a late close such a request is sent again; a token could be lost with its connection.
    if (isRepeatable && connection.isProven && !this.#authentication.isUsed) queueMicrotask(next);
    else connection.whenPolled(isRepeatable, next);
  }

  #connect(route: Route): void {
    connectBy(
      route,
      this.#plan.timeouts,
      this.#cancellation,
      tunnelClientOf(this.#authentication, this.#url, this.#plan.userAgent),
    ).then(
      (found) => (found instanceof Connection ? this.#exchangeOn(found) : this.#onTunnelRefused(found)),
      (error: Error) => this.#tryNextProxy(logonFailure(error)),
    );
  }

  /** Tries the next candidate after a proxy that could not be connected to and has answered nothing. */
  #tryNextProxy(error: Error): void {
    const next = this.#otherCandidates.shift();
    if (!this.#hasAnswered && this.#proxy) this.#candidate?.reportFailure();
    if (this.#hasAnswered || next === undefined || this.#cancellation.isCancelled) {
      this.#fail(error);
      return;
    }
    this.#candidate = next;
    this.#goBy(next.server, idleFor);
  }

  #exchangeOn(connection: Connection): void {
    this.#cancellation.connected();
    if (this.#cancellation.isCancelled) {
      connection.destroy();
      return;
    }
    if (connection.times) this.#listener.onConnected(connection.times);
    connection.times = undefined;
    if (!this.#authentication.isUsed) this.#start(connection, {});
    else void this.#startAuthenticated(connection);
  }

  /** Making a token takes a moment, in which the connection may be lost. */
  async #startAuthenticated(connection: Connection): Promise<void> {
    this.#cancellation.onCancel(() => connection.destroy());
    try {
      this.#authentication.useConnection(connection.socket);
      const fields = await this.#authentication.headers(this.#requestLine());
      if (this.#cancellation.isCancelled) return;
      this.#cancellation.onCancel(undefined);
      if (!connection.isLost) return this.#start(connection, fields);
      this.#again(undefined);
    } catch (error) {
      connection.destroy();
      this.#fail(logonFailure(error));
    }
  }

  #start(connection: Connection, fields: AuthHeaders): void {
    const { headers, timeouts, isHttp11 } = this.#plan;
    const request = {
      head: this.#head(fields),
      isHead: this.#method === 'HEAD',
      body: this.#body,
      closes: !isHttp11 || wantsClose(headers),
      timeouts,
      maxHeaderSize: this.#plan.maxHeaderSize,
    };
    this.#drained = 0;
    this.#isAnswered = false;
    this.#exchange = new Exchange(connection, request, this);
    this.#exchange.start();
    if (!this.#isReferenced) this.#exchange?.setRef(false);
  }

  #requestLine(): RequestLine {
    return requestLine(this.#plan, this.#url, this.#method, this.#authentication.isProxied);
  }

  #head(credentials: AuthHeaders): string {
    const { method, target } = this.#requestLine();
    const { isProxied } = this.#authentication;
    const cookies = this.#plan.cookies.for(this.#url);
    const { authority } = this.#url;
    const bodyLength = this.#body?.length;
    return requestHead(this.#plan, { method, target, authority, cookies, bodyLength, credentials, isProxied });
  }

  /** Without a tunnel the only answer that reaches the caller is a challenge. */
  #onTunnelRefused(head: ResponseHead): void {
    if (this.#cancellation.isCancelled) return;
    if (head.status !== 407) {
      const { host, port } = this.#url;
      const detail = `the proxy opens no tunnel to ${peerText({ host, port })}: ${head.status} ${head.statusText}`;
      this.#fail(sendFailure(HResult.ERROR_WINHTTP_CANNOT_CONNECT, detail));
    } else {
      this.#listener.onHead(head, this.#url);
      this.#listener.onEnd();
    }
  }

  onHead(head: ResponseHead): void {
    const cookies = head.all('set-cookie');
    if (cookies.length > 0) this.#storing = this.#plan.cookies.store(this.#url, cookies);
    this.#isAnswered = true;
    if (this.#authentication.isUsed && this.#authentication.concerns(head)) this.#hold(head);
    else this.#deliver(head);
  }

  onData(chunk: Buffer): boolean {
    if (this.#held) return this.#held.hold(chunk);
    if (!this.#then) return this.#listener.onData(chunk);
    this.#drained += chunk.length;
    if (this.#drained > this.#plan.maxDrain) this.#leaveEarly();
    return true;
  }

  onEnd(kept?: Connection): void {
    this.#exchange = undefined;
    if (this.#held) {
      this.#held.ended(kept);
      return;
    }
    const then = this.#then;
    this.#then = undefined;
    const storing = this.#storing;
    this.#storing = undefined;
    const next = then ? () => then(kept) : () => this.#listener.onEnd();
    if (storing) void storing.finally(() => this.#unlessCancelled(next));
    else if (then) queueMicrotask(() => this.#unlessCancelled(next));
    else next();
  }

  onFail(error: WinwireError, progress: SendProgress): void {
    this.#exchange = undefined;
    if (this.#held) {
      this.#held.failed(error);
      return;
    }
    const isSentAgain = progress === 'unsent' || (progress === 'sent' && isIdempotent(this.#method));
    // Errors in the rest of a discarded response are ignored.
    const then = this.#then ?? (isSentAgain ? () => this.#go(none) : () => this.#fail(error));
    this.#then = undefined;
    queueMicrotask(() => this.#unlessCancelled(() => (this.#isAnswered || !this.#failsMidLeg(error)) && then()));
  }

  onSent(sent: number, total: number): void {
    this.#listener.onSent(sent, total);
  }

  /** Waits for the decision about a challenge, or for the check of the last token. */
  #hold(head: ResponseHead): void {
    const held = new HeldResponse(head);
    this.#held = held;
    this.#exchange?.keep(true);
    this.#authentication.settle(head).then(
      (outcome) => this.#unlessCancelled(() => this.#settled(held, outcome)),
      (error: Error) => this.#unlessCancelled(() => this.#abandon(logonFailure(error))),
    );
  }

  #settled(held: HeldResponse, outcome: AuthOutcome): void {
    this.#held = undefined;
    if (outcome === 'final') {
      this.#release(held);
      return;
    }
    const isSame = outcome === 'again';
    this.#then = (kept) => this.#again(isSame ? kept : undefined);
    this.#exchange?.keep(isSame);
    const { end } = held;
    if (!end) {
      this.#drained = held.size;
      if (this.#drained > this.#plan.maxDrain) this.#leaveEarly();
      else this.#exchange?.resume();
      return;
    }
    if (!isSame) end.connection?.destroy();
    this.onEnd(end.connection);
  }

  /** Delivers a held response. */
  #release({ head, chunks, end }: HeldResponse): void {
    this.#exchange?.keep(false);
    if (end?.connection) releaseConnection(end.connection, head);
    this.#deliver(head);
    let goesOn = true;
    for (const chunk of chunks) goesOn = !this.#cancellation.isCancelled && this.onData(chunk);
    if (this.#cancellation.isCancelled) return;
    if (end?.error) this.onFail(end.error, 'answered');
    else if (end) this.onEnd();
    else if (goesOn) this.#exchange?.resume();
  }

  /** Sends the request again with the answer to a challenge: on the same connection, if it is open. */
  #again(kept: Connection | undefined): void {
    if (!kept) {
      if (!this.#failsMidLeg(undefined)) this.#go(none);
      return;
    }
    const next = () => (kept.isLost ? this.#again(undefined) : this.#exchangeOn(kept));
    this.#cancellation.onCancel(() => kept.destroy());
    kept.whenPolled(isIdempotent(this.#method), () => this.#unlessCancelled(next));
  }

  /** Fails the request between two legs, where a new connection does not help. */
  #failsMidLeg(cause: Error | undefined): boolean {
    const error = this.#authentication.closed(cause);
    if (error) this.#fail(error);
    return error !== undefined;
  }

  #deliver(head: ResponseHead): void {
    if (head.status >= 300 && head.status <= 308 && this.#isRedirected(head)) return;
    if (!this.#cancellation.isCancelled) this.#listener.onHead(head, this.#url);
  }

  /** Decides whether another exchange follows, and stores it until this one has ended. */
  #isRedirected(head: ResponseHead): boolean {
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

  #leaveEarly(): void {
    const exchange = this.#exchange;
    this.onEnd();
    exchange?.cancel();
  }

  #abandon(error: Error): void {
    this.cancel();
    queueMicrotask(() => this.#listener.onFail(asSendFailure(error)));
  }

  #unlessCancelled(then: () => void): void {
    if (!this.#cancellation.isCancelled) then();
  }

  #fail(error: Error): void {
    if (this.#cancellation.isCancelled) return;
    this.#authentication.close();
    this.#listener.onFail(asSendFailure(error));
  }
}

const none = (): undefined => undefined;
