/** One forwarded request of http: and its response, with the authentication at the proxy that it goes through. */
import { withSignal } from '../abort-signal.ts';
import { AuthenticationError } from '../auth/authentication-error.ts';
import type { AuthOutcome } from '../auth/session.ts';
import type { ResponseHead } from '../http1/response-head.ts';
import { placeText } from '../tunnel/dial.ts';
import type { NetworkConnection } from '../tunnel/network-connection.ts';
import { ProxyConnectionError } from '../tunnel/proxy-connection-error.ts';
import { authenticated } from '../tunnel/ready-connection.ts';
import { refusalFor } from './failure.ts';
import { forwardedFields, viaLine } from './fields.ts';
import type { RequestBody } from './forwarded-body.ts';
import type { Outgoing } from './outgoing.ts';
import { Refusal } from './refusal.ts';
import type { HttpPlan } from './request-plan.ts';
import type { RequestHead } from './request-reader.ts';
import { ResponseFailure, readResponseHead, responseOf, skipBody, type UnreadResponse } from './response-relay.ts';

/** Maximum number of requests for one response: the legs of an authentication, and a connection that was closed. */
const MAX_LEGS = 6;
// RFC 9110 section 9.2.2: these may be sent again if the connection is closed without an answer.
const IDEMPOTENT = ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'];

/** What a request is sent with. */
export interface ExchangeRequest {
  readonly head: RequestHead;
  readonly plan: HttpPlan;
  readonly body: RequestBody;
  readonly pseudonym: string;
  readonly signal: AbortSignal;
  /** Called when the server's connection is open: the client may send its body. */
  onOpen(): void;
}

/** A response whose body is still on the connection. */
export interface ExchangeResult {
  readonly connection: NetworkConnection;
  readonly response: UnreadResponse;
}

/** The server's connection of one client. It serves one origin at a time, and no other client. */
export class ServerLink {
  readonly #outgoing: Outgoing;
  #connection: NetworkConnection | undefined;
  #origin = '';
  /** Earlier requests went on the connection: the peer may close it at any time. */
  #isReused = false;
  #expiry: Refusal | undefined;
  #end = new AbortController();

  constructor(outgoing: Outgoing) {
    this.#outgoing = outgoing;
  }

  /**
   * Sends a request; resolves with its response, which is not a 407.
   *
   * @throws {Refusal}; another error after the end of the client's connection.
   */
  async exchange(request: ExchangeRequest): Promise<ExchangeResult> {
    this.#expiry = undefined;
    this.#end = new AbortController();
    let connection = await this.#take(request);
    if (!this.#isReused) connection = await this.#prepare(connection, request);
    for (let leg = 1; ; leg++) {
      const attempt = await this.#attempt(connection, request);
      if (!attempt) {
        connection = await this.#prepare(await this.#reopen(connection, request), request);
        continue;
      }
      const outcome = await this.#accept(connection, attempt, request);
      if (outcome === 'final') return { connection, response: this.#responseOf(attempt, connection, request) };
      const isClean = this.#isCleanAfter(connection, request);
      request.body.stop();
      if (leg === MAX_LEGS)
        throw new Refusal(502, `${nameOf(connection, request)} asks for authentication again and again.`);
      if (!request.body.isReplayable) throw new Refusal(502, TOO_LONG);
      const isHead = request.head.method === 'HEAD';
      const isKept = outcome === 'again' && isClean && (await skipBody(connection.socket, attempt, isHead));
      if (isKept) continue;
      if (outcome === 'again') this.#checkLegs(connection, request);
      connection = await this.#prepare(await this.#reopen(connection, request), request);
    }
  }

  /**
   * Whether a refused request leaves the connection usable. A proxy that asks within a body takes the next request for the
   * rest of it, and squid 5 reads no further request after a longer body. Between two legs there is no other connection.
   */
  #isCleanAfter({ proxyAuth }: NetworkConnection, { body }: ExchangeRequest): boolean {
    return body.isEmpty || (body.isComplete && proxyAuth?.isMidLeg === true);
  }

  /** Ends the current exchange with a refusal. */
  expire(refusal: Refusal): void {
    this.#expiry = refusal;
    this.#end.abort();
    this.#connection?.destroy();
  }

  destroy(): void {
    this.#end.abort();
    this.#drop();
  }

  #drop(): void {
    this.#connection?.destroy();
    this.#connection = undefined;
  }

  /** The response is complete, and both sides keep the connection for the next request. */
  keep(): void {
    // A server that sends bytes before the next request would answer it before it was sent.
    this.#connection?.socket.on('data', this.#onEarly).resume();
  }

  readonly #onEarly = (): void => this.destroy();

  #responseOf(head: ResponseHead, connection: NetworkConnection, request: ExchangeRequest): UnreadResponse {
    try {
      return responseOf(head, request.head.method === 'HEAD');
    } catch (error) {
      throw failureOf(error, connection, request);
    }
  }

  /** Authenticates a new connection before a body that could not be sent again, or would be with each leg. */
  async #prepare(connection: NetworkConnection, { plan, body, signal }: ExchangeRequest): Promise<NetworkConnection> {
    const { proxyAuth } = connection;
    if (body.isEmpty || !proxyAuth) return connection;
    const isLong = !body.isShort && proxyAuth.mayAsk;
    if (!isLong && !proxyAuth.bindsConnection && !(await proxyAuth.needsToken())) return connection;
    const { origin, host } = plan.url;
    return this.#keep(authenticated(connection, { origin, host, signal }), plan, signal);
  }

  /** Between two legs another connection does not help. */
  #checkLegs(connection: NetworkConnection, request: ExchangeRequest): void {
    try {
      connection.proxyAuth?.closed();
    } catch (error) {
      throw failureOf(error, connection, request);
    }
  }

  /** Returns the connection of the last request, if it serves this one too, or a new one. */
  async #take({ plan, signal }: ExchangeRequest): Promise<NetworkConnection> {
    const { destroyed = true, readable, writable } = this.#connection?.socket ?? {};
    if (this.#connection && this.#origin === plan.url.href && !destroyed && readable && writable) {
      this.#connection.socket.off('data', this.#onEarly).pause();
      this.#isReused = true;
      return this.#connection;
    }
    this.#drop();
    this.#origin = plan.url.href;
    return this.#keep(this.#outgoing.openRequests(plan, signal), plan, signal);
  }

  /** Goes on with the same request, and its authentication, on a new connection. */
  #reopen(connection: NetworkConnection, { plan, signal }: ExchangeRequest): Promise<NetworkConnection> {
    this.#connection = undefined;
    return this.#keep(connection.reopen(signal), plan, signal);
  }

  async #keep(opening: Promise<NetworkConnection>, plan: HttpPlan, signal: AbortSignal): Promise<NetworkConnection> {
    this.#isReused = false;
    const { signal: end } = this.#end;
    try {
      this.#connection = await withSignal(opening, end);
      signal.throwIfAborted();
      if (this.#expiry) throw this.#expiry;
      return this.#connection;
    } catch (error) {
      if (end.aborted) opening.then((late) => late.destroy()).catch(() => {});
      throw signal.aborted ? error : refusalFor(this.#expiry ?? error, plan);
    }
  }

  /** Returns the head of the response; undefined if the request is to be sent on another connection. */
  async #attempt(connection: NetworkConnection, request: ExchangeRequest): Promise<ResponseHead | undefined> {
    try {
      return await send(connection, request);
    } catch (error) {
      if (request.signal.aborted) throw error;
      if (this.#expiry) throw this.#expiry;
      request.body.stop();
      if (mayRepeat(error, request) && (this.#isReused || this.#wasClosedForAuth(connection, error))) return undefined;
      throw failureOf(error, connection, request);
    }
  }

  /** A proxy may close its connection with its first challenge. */
  #wasClosedForAuth({ proxyAuth }: NetworkConnection, cause: unknown): boolean {
    return proxyAuth?.closed(cause) === 'again on a new connection';
  }

  async #accept(connection: NetworkConnection, response: ResponseHead, request: ExchangeRequest): Promise<AuthOutcome> {
    const { proxyAuth } = connection;
    try {
      if (response.status === 401 && hasOwn(request)) {
        await proxyAuth?.complete(response);
        return 'final';
      }
      // A function that chooses credentials may take its time.
      const outcome = await withSignal(connection.accept(response), this.#end.signal);
      if (outcome !== 'final' || response.status !== 407) return outcome;
    } catch (error) {
      if (this.#expiry) throw this.#expiry;
      throw failureOf(error, connection, request);
    }
    if (connection.route.kind === 'direct') {
      throw new Refusal(502, `${nameOf(connection, request)} answered 407, as only a proxy does.`);
    }
    const why = proxyAuth?.failure?.message ?? '';
    throw new Refusal(502, `${nameOf(connection, request)} asks for authentication. ${why}`.trimEnd());
  }
}

const TOO_LONG =
  'Authentication was asked for after too much of the body was sent to repeat it. Send the request again.';

async function send(connection: NetworkConnection, request: ExchangeRequest): Promise<ResponseHead> {
  const { head, body, signal } = request;
  const { socket, isAbsolute } = connection;
  const target = targetFor(request, isAbsolute);
  const authorization = await connection.authorization({ method: head.method, target });
  signal.throwIfAborted();
  socket.write(requestText(request, target, authorization), 'latin1');
  request.onOpen();
  return new Promise((resolve, reject) => {
    readResponseHead(socket).then(resolve, reject);
    body.sendTo(socket, (error) => {
      reject(error);
      socket.destroy();
    });
  });
}

/** Whether the client authenticates itself at the server. */
const hasOwn = ({ head }: ExchangeRequest): boolean => head.first('authorization') !== undefined;

const targetFor = ({ plan }: ExchangeRequest, isAbsolute: boolean): string => {
  if (!isAbsolute) return plan.path;
  return `http://${plan.authority}${plan.path === '*' ? '' : plan.path}`;
};

function requestText(
  request: ExchangeRequest,
  target: string,
  authorization: Readonly<Record<string, string>>,
): string {
  const { head, plan, body, pseudonym } = request;
  const field = body.fieldFor(head.first('content-length') !== undefined);
  const own = Object.entries(authorization).filter(([name]) => name !== 'Authorization' || !hasOwn(request));
  const lines = [
    `${head.method} ${target} HTTP/1.1`,
    `Host: ${plan.authority}`,
    ...forwardedFields(head, true),
    viaLine(head, pseudonym),
    ...(field === undefined ? [] : [field]),
    ...own.map(([name, value]) => `${name}: ${value}`),
    'Connection: keep-alive',
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

const mayRepeat = (error: unknown, { head, body }: ExchangeRequest): boolean =>
  error instanceof ResponseFailure && !error.hasBegun && IDEMPOTENT.includes(head.method) && body.isReplayable;

function failureOf(error: unknown, connection: NetworkConnection, request: ExchangeRequest): Refusal {
  if (error instanceof Refusal) return error;
  const isAuthentication = error instanceof AuthenticationError || error instanceof ProxyConnectionError;
  const what = isAuthentication ? 'No authentication at' : 'No response from';
  return new Refusal(502, `${what} ${nameOf(connection, request)}: ${(error as Error).message}`, [], error);
}

function nameOf({ route }: NetworkConnection, { plan }: ExchangeRequest): string {
  return route.kind === 'direct' ? plan.url.host : `the proxy ${placeText(route)}`;
}
