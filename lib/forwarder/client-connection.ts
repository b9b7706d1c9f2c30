/** One connection of a client: its requests, one after the other. */
import type { Socket } from 'node:net';
import { formatRoute } from '../proxy/route-text.ts';
import type { ProxyRoute } from '../proxy/types.ts';
import { startTimer } from '../time-limit.ts';
import type { PasswordCheck } from './access.ts';
import { breakOff } from './break-off.ts';
import { Inbound } from './client-bytes.ts';
import { refusalFor } from './failure.ts';
import { hasPassed, viaLine } from './fields.ts';
import { RequestBody } from './forwarded-body.ts';
import type { ForwarderLimits } from './forwarder-types.ts';
import type { Outgoing } from './outgoing.ts';
import { Refusal, refusalText } from './refusal.ts';
import { type ForwardTarget, type HttpPlan, planRequest, type TunnelPlan } from './request-plan.ts';
import { type RequestHead, RequestReader } from './request-reader.ts';
import { endsConnection, relayResponse } from './response-relay.ts';
import { ServerLink } from './server-link.ts';
import { relayTunnel } from './tunnel-relay.ts';

/** How long a refused client may go on sending before its connection is closed, in milliseconds. */
const LINGER = 2_000;
const ESTABLISHED = 'HTTP/1.1 200 Connection established\r\n\r\n';
const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n';
/** An interim response (RFC 2518 section 10.1), to which a client that has gone answers with a reset. */
const PROCESSING = 'HTTP/1.1 102 Processing\r\n\r\n';
/** Milliseconds before each of them. The system reports the reset with the second one. */
const PROBE_TIME = 1_000;
const PROBES = 2;

/** The answer to a request. */
export interface Answered {
  readonly head: RequestHead | undefined;
  readonly plan: (ForwardTarget & { readonly kind: 'tunnel' | 'http' }) | undefined;
  readonly status: number;
  readonly route?: ProxyRoute | undefined;
  readonly error?: Refusal;
  /** As of `performance.now()`. */
  readonly start: number;
}

/** What all connections of a forwarder share. */
export interface ConnectionContext {
  readonly outgoing: Outgoing;
  readonly password: PasswordCheck;
  readonly limits: ForwarderLimits;
  readonly replayLimit: number;
  /** The name of this forwarder in Via (RFC 9110 section 7.6.3). */
  readonly pseudonym: string;
  onAnswer(connection: ClientConnection, answered: Answered): void;
}

export class ClientConnection {
  readonly socket: Socket;
  /** The connection waits for the first byte of a request. */
  isIdle = true;
  isTunnel = false;
  /** The current request is admitted, and its response is not complete. */
  isServing = false;
  /** The current request is the last one. */
  isLast = false;
  readonly #context: ConnectionContext;
  readonly #inbound: Inbound;
  readonly #link: ServerLink;
  readonly #end = new AbortController();

  constructor(socket: Socket, context: ConnectionContext) {
    this.socket = socket;
    this.#context = context;
    this.#inbound = new Inbound(socket);
    this.#link = new ServerLink(context.outgoing);
    socket.on('error', () => {});
    socket.once('close', () => {
      this.#end.abort();
      this.#link.destroy();
    });
  }

  /** Serves requests until the connection ends. */
  async run(): Promise<void> {
    try {
      let isKept = true;
      while (isKept && !this.isLast && !this.socket.destroyed) isKept = await this.#serveNext();
      if (!this.isTunnel) this.#finish();
    } catch {
      // The client has gone, or a response has broken off: the client must notice that it is incomplete.
      breakOff(this.socket);
    }
    this.#link.destroy();
  }

  /** Answers a connection without reading a request. */
  refuse(refusal: Refusal): void {
    this.#finish(refusalText(refusal));
  }

  /** Returns whether a further request can follow. */
  async #serveNext(): Promise<boolean> {
    let start = performance.now();
    let head: RequestHead | undefined;
    let plan: TunnelPlan | HttpPlan | undefined;
    try {
      head = await this.#readHead();
      start = performance.now();
      if (!head) return false;
      plan = planRequest(head);
      this.#context.password.check(head);
      if (hasPassed(head, this.#context.pseudonym)) {
        throw new Refusal(508, 'The request has passed this proxy before: the proxies form a loop.');
      }
      this.isServing = true;
      return plan.kind === 'tunnel'
        ? await this.#serveTunnel(head, plan, start)
        : await this.#serveHttp(head, plan, start);
    } catch (error) {
      // What is left of the exchange is not for the next request.
      this.#link.destroy();
      this.isServing = false;
      if (!(error instanceof Refusal) || this.socket.destroyed) throw error;
      const { status } = error;
      this.#context.onAnswer(this, { head, plan, status, error, start });
      return this.#answer(error, head, plan);
    }
  }

  /** Returns undefined if the client sends no further request. */
  #readHead(): Promise<RequestHead | undefined> {
    const { headSize, headTime } = this.#context.limits;
    const reader = new RequestReader(headSize);
    this.isIdle = true;
    this.isServing = false;
    return new Promise((resolve, reject) => {
      const settle = (outcome: () => void, rest?: Buffer) => {
        clearTimeout(timer);
        this.socket.off('end', onEnd).off('close', onEnd);
        this.#inbound.stop(rest);
        this.isIdle = false;
        outcome();
      };
      const onEnd = () => settle(() => resolve(undefined));
      const timer = startTimer(headTime, () => {
        const error = new Refusal(408, `No request within ${headTime / 1000} s.`);
        settle(() => (reader.hasBegun ? reject(error) : resolve(undefined)));
      });
      this.socket.on('end', onEnd).on('close', onEnd);
      this.#inbound.start((bytes) => {
        try {
          const head = reader.read(bytes);
          this.isIdle = !reader.hasBegun;
          if (head) settle(() => resolve(head), reader.rest);
        } catch (error) {
          settle(() => reject(error));
        }
      });
      if (this.socket.readableEnded || this.socket.destroyed) onEnd();
    });
  }

  async #serveTunnel(head: RequestHead, plan: TunnelPlan, start: number): Promise<boolean> {
    const { outgoing, pseudonym, limits } = this.#context;
    // A client that can send nothing into the tunnel has given it up.
    const onEnd = () => this.socket.destroy();
    this.socket.once('end', onEnd);
    if (this.socket.readableEnded) onEnd();
    const via = viaLine(head, pseudonym).slice('Via: '.length);
    const connection = await outgoing.openTunnel(plan, via, this.#end.signal).catch((error) => {
      throw this.socket.destroyed ? error : refusalFor(error, plan);
    });
    this.socket.off('end', onEnd);
    if (this.socket.destroyed) {
      connection.destroy();
      return false;
    }
    const { route } = connection;
    this.isTunnel = true;
    this.#context.onAnswer(this, { head, plan, status: 200, route, start });
    this.socket.setTimeout(limits.idleTime, () => this.socket.destroy());
    this.socket.write(ESTABLISHED, 'latin1');
    await relayTunnel(this.socket, connection.socket, this.#inbound.release());
    connection.destroy();
    return false;
  }

  async #serveHttp(head: RequestHead, plan: HttpPlan, start: number): Promise<boolean> {
    const { limits, replayLimit, pseudonym } = this.#context;
    const expectsContinue = continueOf(head);
    const body = new RequestBody(this.#inbound, plan.framing, replayLimit);
    const stopProbe = this.#noticeEnd(head, body);
    let hasResponse = false;
    const { idleTime } = limits;
    this.socket.setTimeout(idleTime, () => {
      if (hasResponse) this.socket.destroy();
      else this.#link.expire(new Refusal(504, `${plan.url.host} does not answer within ${idleTime / 1000} s.`));
    });
    try {
      const onOpen = () => expectsContinue && !body.isComplete && this.socket.write(CONTINUE, 'latin1');
      const request = { head, plan, body, pseudonym, signal: this.#end.signal, onOpen };
      const { connection, response } = await this.#link.exchange(request);
      if (response.head.status === 101)
        throw new Refusal(502, `${plan.url.host} changed the protocol without being asked.`);
      hasResponse = true;
      stopProbe();
      const isHead = head.method === 'HEAD';
      const isDirect = connection.route.kind === 'direct';
      const shape = { isHead, isVersion10: head.isVersion10, pseudonym, isDirect };
      const mayStay = body.isComplete && !this.isLast && isPersistent(head);
      const isKept = mayStay && !endsConnection(response.head, { ...shape, isKept: mayStay });
      this.#context.onAnswer(this, { head, plan, status: response.head.status, route: connection.route, start });
      const isReusable = await relayResponse(this.socket, connection.socket, response, { ...shape, isKept });
      if (isReusable && isKept) this.#link.keep();
      else this.#link.destroy();
      return isKept && body.isComplete;
    } finally {
      body.stop();
      stopProbe();
      this.socket.setTimeout(0);
    }
  }

  /**
   * Notices a client that goes before the response. Its end alone may also mean that it sends no further request. The
   * returned function ends the watch.
   */
  #noticeEnd(head: RequestHead, body: RequestBody): () => void {
    const { socket } = this;
    let timer: NodeJS.Timeout | undefined;
    let probes = 0;
    const probe = () => {
      socket.write(PROCESSING, 'latin1');
      if (++probes < PROBES) timer = startTimer(PROBE_TIME, probe);
    };
    const onEnd = () => {
      if (!body.isComplete) socket.destroy();
      else if (!head.isVersion10) timer = startTimer(PROBE_TIME, probe);
    };
    socket.once('end', onEnd);
    if (socket.readableEnded) onEnd();
    return () => {
      clearTimeout(timer);
      socket.off('end', onEnd);
    };
  }

  /** Returns whether the client can send its next request. */
  #answer(refusal: Refusal, head: RequestHead | undefined, plan: TunnelPlan | HttpPlan | undefined): boolean {
    const hasNoBody = plan?.kind === 'tunnel' || plan?.framing === 0;
    // Another request may succeed after these, and the connection is as before.
    const mayTryAgain = refusal.status === 407 || refusal.status >= 500 || refusal.cause !== undefined;
    const isOpen = !this.isLast && !this.socket.readableEnded;
    const isKept = head !== undefined && mayTryAgain && hasNoBody && isOpen && isPersistent(head);
    const text = refusalText(refusal, { isHead: head?.method === 'HEAD', isKept });
    if (isKept) this.socket.write(text);
    else this.#finish(text);
    return isKept;
  }

  /** Ends the connection; reads on for a while, so that the client receives the answer and not a reset. */
  #finish(text = ''): void {
    const { socket } = this;
    if (socket.destroyed || socket.writableEnded) return;
    socket.end(text);
    this.#inbound.start(() => {});
    const timer = startTimer(LINGER, () => socket.destroy());
    socket.once('close', () => clearTimeout(timer));
  }
}

/** @throws {Refusal} for an expectation that is unknown (RFC 9110 section 10.1.1). */
function continueOf(head: RequestHead): boolean {
  const expectations = head.list('expect');
  if (expectations.some((each) => each !== '100-continue')) {
    throw new Refusal(417, 'The only expectation that is met is 100-continue.');
  }
  return expectations.length > 0 && !head.isVersion10;
}

function isPersistent(head: RequestHead): boolean {
  const options = [...head.list('connection'), ...head.list('proxy-connection')];
  return !head.isVersion10 && !options.includes('close');
}

/** The route of an answer, for the log. */
export const routeText = ({ route }: Answered): string | undefined => route && formatRoute(route);
