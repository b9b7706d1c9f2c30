/** The authentication of a request: with the servers that it is redirected to, and with their proxies. */
import type { Socket } from 'node:net';
import { AuthenticationError } from '../../auth/authentication-error.ts';
import { type AuthOutcome, AuthSession } from '../../auth/session.ts';
import type { WinwireError } from '../../errors.ts';
import { HResult } from '../../hresult.ts';
import type { ResponseHead } from '../../http1/response-head.ts';
import type { ProxyServer } from '../request-object.ts';
import { AutoLogon, type PeerPolicy, proxyPolicy, serverPolicy } from './logon-policy.ts';
import type { Plan } from './plan.ts';
import type { RequestLine } from './request-line.ts';
import { sendFailure } from './transport-failure.ts';
import type { RequestUrl } from './url.ts';

/** By which connections are kept apart; `''` for no identity. */
export interface Identities {
  readonly proxyUser: string;
  readonly serverUser: string;
}

export const NO_IDENTITIES: Identities = { proxyUser: '', serverUser: '' };

/** The headers of a request. */
export interface AuthHeaders {
  readonly authorization?: string | undefined;
  readonly proxyAuthorization?: string | undefined;
}

/** A scheme that authenticates the connection, in a header of the caller. */
const BINDS_CONNECTION = /^\s*(?:negotiate|nego2|kerberos|ntlm)\b/i;

// Basic and Digest wait for a challenge, as Windows does with Digest.
const EARLY = ['Negotiate', 'Kerberos', 'NTLM'] as const;

export class AuthenticationState {
  readonly #plan: Plan;
  readonly #end = new AbortController();
  readonly #sessions = new Map<string, AuthSession>();
  #server: AuthSession | undefined;
  #proxy: AuthSession | undefined;
  #isProxied = false;
  #isTunneled = false;

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  /** Chooses the peers of the next exchange. */
  use(url: RequestUrl, proxy: ProxyServer | undefined): void {
    this.#isTunneled = proxy !== undefined && (url.secure || this.#needsTunnel(url, proxy));
    this.#isProxied = proxy !== undefined && !this.#isTunneled;
    const { headers } = this.#plan;
    this.#proxy = undefined;
    this.#server = undefined;
    if (proxy && (this.#isTunneled || headers.get('proxy-authorization') === undefined)) {
      this.#proxy = this.#session(`proxy ${proxy.host}:${proxy.port}`, () => proxyPolicy(this.#plan, proxy));
    }
    if (headers.get('authorization') === undefined) {
      this.#server = this.#session(`${url.origin} ${this.#isProxied}`, () =>
        serverPolicy(this.#plan, url, this.#isProxied),
      );
    }
  }

  /** Whether requests go in absolute form to the proxy. */
  get isProxied(): boolean {
    return this.#isProxied;
  }

  /** Whether a tunnel through the proxy is needed. */
  get isTunneled(): boolean {
    return this.#isTunneled;
  }

  /** Whether the next exchange has credentials, of which nothing may have been sent. */
  get isUsed(): boolean {
    return this.#server !== undefined || this.#proxy !== undefined || this.#manual !== undefined;
  }

  /** Reads the identities anew. */
  async identities(): Promise<Identities> {
    const manual = this.#manual;
    return {
      proxyUser: manual ?? (await this.#proxy?.identity()) ?? '',
      serverUser: manual ?? (await this.#server?.identity()) ?? '',
    };
  }

  /** The next request uses this connection. */
  useConnection(socket: Socket): void {
    this.#server?.useConnection(socket);
    if (this.#isProxied) this.#proxy?.useConnection(socket);
  }

  /** Returns the headers of a request. */
  async headers({ method, target, path }: RequestLine): Promise<AuthHeaders> {
    return {
      authorization: await this.#server?.header({ method, target: path }),
      proxyAuthorization: this.#isProxied ? await this.#proxy?.header({ method, target }) : undefined,
    };
  }

  /** Whether the response waits for {@link settle}. */
  concerns({ status }: ResponseHead): boolean {
    if (this.#challenged(status)) return true;
    return this.#server?.isPending === true || (this.#isProxied && this.#proxy?.isPending === true);
  }

  /** Processes a response of the server, or of a proxy to a request in absolute form. */
  async settle(head: ResponseHead): Promise<AuthOutcome> {
    const challenged = this.#challenged(head.status);
    if (this.#isProxied && this.#proxy !== challenged) await this.#proxy?.complete(head);
    if (this.#server !== challenged && head.status !== 407) await this.#server?.complete(head);
    return challenged ? this.#accept(challenged, head) : 'final';
  }

  /** The authentication with the proxy of a tunnel. */
  get tunnel(): AuthSession | undefined {
    return this.#isTunneled ? this.#proxy : undefined;
  }

  /** Processes a proxy's refusal of a tunnel. */
  async settleTunnel(head: ResponseHead): Promise<AuthOutcome> {
    return head.status === 407 && this.#proxy ? this.#accept(this.#proxy, head) : 'final';
  }

  /** The connection was closed before a response. Returns the failure of the request if that was between two legs. */
  closed(cause?: unknown): Error | undefined {
    try {
      if (this.#isProxied && this.#proxy?.isMidLeg) this.#proxy.closed(cause);
      if (this.#server?.isMidLeg) this.#server.closed(cause);
      return undefined;
    } catch (error) {
      return logonFailure(error);
    }
  }

  /** Ends the steps under way and frees their contexts. */
  close(): void {
    this.#end.abort();
    for (const session of this.#sessions.values()) session.close();
  }

  #challenged(status: number): AuthSession | undefined {
    if (status === 401) return this.#server;
    return status === 407 && this.#isProxied ? this.#proxy : undefined;
  }

  async #accept(session: AuthSession, head: ResponseHead): Promise<AuthOutcome> {
    const outcome = await session.accept(head);
    const { failure } = session;
    if (outcome === 'final' && failure && this.#isAsked && !IS_RESPONSE.has(failure.code)) throw failure;
    return outcome;
  }

  /** The caller expects a log-on: a fault of the mechanism is an error, not a response. */
  get #isAsked(): boolean {
    const { serverCredentials, proxyCredentials, autoLogon } = this.#plan;
    return serverCredentials !== undefined || proxyCredentials !== undefined || autoLogon === AutoLogon.always;
  }

  /** RFC 4559 section 6. Later requests with credentials use the tunnel at once. */
  #needsTunnel(url: RequestUrl, { host, port }: ProxyServer): boolean {
    const { origin } = url;
    const key = `${origin} ${host}:${port}`;
    if (this.#sessions.get(`${origin} true`)?.needsTunnel) addBounded(tunneled, key);
    return tunneled.has(key) && serverPolicy(this.#plan, url, false) !== undefined;
  }

  #session(key: string, policyOf: () => PeerPolicy | undefined): AuthSession | undefined {
    const known = this.#sessions.get(key);
    if (known) return known;
    const found = policyOf();
    if (!found) return undefined;
    const session = new AuthSession(found.peer, found.policy, { signal: this.#end.signal, early: EARLY });
    this.#sessions.set(key, session);
    return session;
  }

  /** The caller's own header may authenticate the connection: it then serves this object only. */
  get #manual(): string | undefined {
    const { headers, owner } = this.#plan;
    const values = [headers.get('authorization'), headers.get('proxy-authorization')];
    return values.some((value) => BINDS_CONNECTION.test(value ?? '')) ? `object ${owner}` : undefined;
  }
}

/** Servers with NTLM or Negotiate behind proxies that do not keep connections of users apart. */
const tunneled = new Set<string>();
const MAX_TUNNELED = 1_000;

function addBounded(keys: Set<string>, key: string): void {
  keys.add(key);
  for (const oldest of keys) if (keys.size > MAX_TUNNELED) keys.delete(oldest);
}

/** RQ-198: with these the challenge is the response. */
const IS_RESPONSE: ReadonlySet<string> = new Set([
  'ERR_WINWIRE_AUTH_REJECTED',
  'ERR_WINWIRE_AUTH_NO_CREDENTIALS',
  'ERR_WINWIRE_AUTH_NO_SCHEME',
]);

/** The failure of a request whose authentication failed; other errors stay. */
export function logonFailure(error: unknown): Error {
  if (!(error instanceof AuthenticationError)) return error as Error;
  const isMissing = error.code === 'ERR_WINWIRE_AUTH_NO_MECHANISM';
  const hresult = isMissing ? HResult.ERROR_NOT_SUPPORTED : HResult.ERROR_WINHTTP_LOGIN_FAILURE;
  return sendFailure(hresult, error.message, error) satisfies WinwireError;
}
