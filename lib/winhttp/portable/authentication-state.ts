/** Decides which challenges of a server or proxy one request answers, and how often. */

import { HResult } from '../../hresult.ts';
import type { ResponseHead } from '../../http1/response-head.ts';
import { Authenticator, type Challenge, needsWindows, parseChallenges } from './authentication.ts';
import type { AuthenticatedRequest } from './credentials.ts';
import type { Plan } from './plan.ts';
import type { ProxyServer } from './proxy.ts';
import { sendFailure } from './transport-failure.ts';
import type { RequestUrl } from './url.ts';

export class AuthenticationState {
  readonly #plan: Plan;
  #server: Authenticator | undefined;
  #proxy: Authenticator | undefined;
  #proxyServer: ProxyServer | undefined;

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  /** The proxy of the next exchange, whose own URL may name a user. */
  useProxy(proxy: ProxyServer | undefined): void {
    this.#proxyServer = proxy;
  }

  /** Tells tunnels of different users apart. */
  get proxyUser(): string {
    const credentials = this.#proxyCredentials;
    return this.#proxyServer && credentials ? JSON.stringify([credentials.userName, credentials.password]) : '';
  }

  /** The Authorization header for a request to a URL. */
  server(request: AuthenticatedRequest, url: RequestUrl): string | undefined {
    return this.#isOwn(url) ? this.#server?.header(request) : undefined;
  }

  proxy(request: AuthenticatedRequest): string | undefined {
    return this.#proxy?.header(request);
  }

  /**
   * Takes the challenge of a 401 or 407: true if the request is to be sent again.
   *
   * @throws {WinwireError} ERROR_NOT_SUPPORTED where only Windows could answer, and was to.
   */
  accept(head: ResponseHead, url: RequestUrl): boolean {
    const isServer = head.status === 401;
    const challenges = parseChallenges(head.all(isServer ? 'www-authenticate' : 'proxy-authenticate'));
    if (isServer) this.#server ??= this.#newAuthenticator(this.#serverCredentials(url));
    else this.#proxy ??= this.#newAuthenticator(this.#proxyCredentials);
    const authenticator = isServer ? this.#server : this.#proxy;
    if (authenticator?.accept(challenges)) return true;
    this.#refuseWindows(challenges, authenticator !== undefined);
    return false;
  }

  #newAuthenticator(credentials: Plan['serverCredentials']): Authenticator | undefined {
    return credentials && new Authenticator(credentials);
  }

  /** Credentials are for the server that was opened: a redirect to another does not take them along. */
  #serverCredentials(url: RequestUrl): Plan['serverCredentials'] {
    if (!this.#isOwn(url)) return undefined;
    if (this.#plan.serverCredentials) return this.#plan.serverCredentials;
    const { userName, password } = this.#plan.url;
    return userName === undefined ? undefined : { userName, password };
  }

  get #proxyCredentials(): Plan['proxyCredentials'] {
    if (this.#plan.proxyCredentials) return this.#plan.proxyCredentials;
    const { userName, password = '' } = this.#proxyServer ?? {};
    return userName === undefined ? undefined : { userName, password };
  }

  #isOwn(url: RequestUrl): boolean {
    return url.origin === this.#plan.url.origin;
  }

  #refuseWindows(challenges: readonly Challenge[], hasCredentials: boolean): void {
    const others = challenges.some(({ scheme }) => scheme === 'basic' || scheme === 'digest');
    if (others || !needsWindows(challenges) || !(hasCredentials || this.#plan.logsOnAlways)) return;
    const detail = "NTLM and Negotiate are Windows': only the backend 'system' can answer them";
    throw sendFailure(HResult.ERROR_NOT_SUPPORTED, detail);
  }
}
