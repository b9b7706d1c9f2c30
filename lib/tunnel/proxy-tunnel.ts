/** A tunnel through a proxy by CONNECT, authenticated. Source: RFC 9110 section 9.3.6. */
import type { Socket } from 'node:net';
import type { AuthSession } from '../auth/session.ts';
import type { ResponseHead } from '../http1/response-head.ts';
import { VERSION } from '../version.ts';
import { ConnectionEnded, drainBody, exchangeHeads } from './answer.ts';
import { type Attempt, AttemptTimeout } from './attempt.ts';
import { type Place, placeText } from './dial.ts';
import { authenticationFailure, type ProxyPeer, refusalOf } from './proxy-peer.ts';

/** Maximum number of requests for one tunnel. */
const MAX_LEGS = 5;

/** What a tunnel is opened with. */
export interface TunnelRequest {
  readonly peer: ProxyPeer;
  readonly target: Place;
  /** Further fields of CONNECT. */
  readonly headers: Readonly<Record<string, string>>;
  readonly auth: AuthSession;
  /** Opens another connection to the proxy. */
  connect(): Promise<Socket>;
}

/**
 * Opens a tunnel, with as many requests as the authentication takes.
 *
 * @returns the socket, which is the tunnel; bytes that followed the proxy's answer are its first ones.
 * @throws {ProxyConnectionError} for a refusal; the errors of {@link exchangeHeads} without an answer.
 */
export async function openTunnel(request: TunnelRequest, attempt: Attempt): Promise<Socket> {
  const legs = new Legs(request, attempt);
  try {
    for (;;) {
      const socket = await legs.next();
      if (socket) return socket;
    }
  } finally {
    request.auth.close();
  }
}

class Legs {
  readonly #request: TunnelRequest;
  readonly #attempt: Attempt;
  #socket: Socket | undefined;
  #leg = 0;

  constructor(request: TunnelRequest, attempt: Attempt) {
    this.#request = request;
    this.#attempt = attempt;
  }

  /** Sends one request; returns the tunnel, or undefined if another request follows. */
  async next(): Promise<Socket | undefined> {
    const { peer, target, auth } = this.#request;
    this.#leg++;
    const socket = this.#socket ?? (await this.#request.connect());
    this.#socket = socket;
    auth.useConnection(socket);
    const answer = await this.#exchange(socket);
    if (!answer) return this.#reconnect();
    if (answer.status !== 407) {
      await this.#authenticate(auth.complete(answer));
      if (isTunnel(answer)) return socket;
      throw refusalOf(peer, answer, { target, leg: this.#leg });
    }
    const outcome = this.#leg < MAX_LEGS ? await this.#authenticate(auth.accept(answer)) : 'final';
    if (outcome === 'final') throw refusalOf(peer, answer, { target, leg: this.#leg, cause: auth.failure });
    if (outcome === 'again') {
      if (await drainBody(socket, answer, this.#attempt)) return undefined;
      // As if the proxy had closed it: between two legs that is an error.
      await this.#authenticate(async () => auth.closed());
    }
    return this.#reconnect();
  }

  /** Returns undefined if the proxy closed the connection, and the request can be sent on another one. */
  async #exchange(socket: Socket): Promise<ResponseHead | undefined> {
    const { target, headers, auth } = this.#request;
    const place = placeText(target);
    const header = await this.#authenticate(auth.header({ method: 'CONNECT', target: place }));
    try {
      return await exchangeHeads(socket, headOf(place, headers, header), this.#attempt);
    } catch (error) {
      if (!(error instanceof ConnectionEnded) || error.hasAnswer || this.#leg === MAX_LEGS) throw error;
      const outcome = await this.#authenticate(async () => auth.closed(error));
      if (outcome === 'final') throw error;
      return undefined;
    }
  }

  #reconnect(): undefined {
    this.#attempt.drop();
    this.#socket = undefined;
  }

  /** Waits for a step of the authentication; its error names the proxy and the leg. */
  async #authenticate<T>(step: Promise<T> | (() => Promise<T>)): Promise<T> {
    try {
      return await this.#attempt.wait(typeof step === 'function' ? step() : step);
    } catch (error) {
      // The caller's function has thrown, or answered something invalid.
      this.#attempt.isFinal = !(error instanceof AttemptTimeout);
      throw authenticationFailure(this.#request.peer, error, this.#leg);
    }
  }
}

const isTunnel = ({ status }: ResponseHead): boolean => status >= 200 && status <= 299;

function headOf(place: string, headers: Readonly<Record<string, string>>, authorization: string | undefined): string {
  const fields = new Map<string, string>([
    ['host', `Host: ${place}`],
    ['user-agent', `User-Agent: winwire/${VERSION}`],
    // Some proxies close an NTLM connection after each answer without it.
    ['proxy-connection', 'Proxy-Connection: Keep-Alive'],
  ]);
  for (const [name, value] of Object.entries(headers)) fields.set(name.toLowerCase(), `${name}: ${value}`);
  if (authorization !== undefined) fields.set('proxy-authorization', `Proxy-Authorization: ${authorization}`);
  return `CONNECT ${place} HTTP/1.1\r\n${[...fields.values()].join('\r\n')}\r\n\r\n`;
}
