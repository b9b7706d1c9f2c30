/** The settings of a request object, and which of them last for one request only. */

import { HResult } from '../../hresult.ts';
import type { ClientCertificate, RequestBody } from '../request-object.ts';
import { WinHttpRequestOption as Option } from '../request-option.ts';
import { failureOf } from '../winhttp-errors.ts';
import { Cookies } from './cookies.ts';
import type { Credentials } from './credentials.ts';
import type { RequestHeaders } from './headers.ts';
import { Options } from './option-values.ts';
import type { Plan } from './plan.ts';
import { NO_PROXY, type ProxyChoice } from './proxy.ts';
import { DEFAULT_TIMEOUTS, type Timeouts } from './timeouts.ts';
import type { RequestUrl } from './url.ts';
import { canEscape, type EscapeFlags } from './url-escape.ts';
import { dropsBody, encodeBody } from './wire-body.ts';

const Policy = { always: 0, onlyIfBypassProxy: 1, never: 2 } as const;
const Target = { server: 0, proxy: 1 } as const;
const MAX_PROXY_SETTING = 2;

/** Methods return 0, or the HRESULT that says why they change nothing. */
export class Settings {
  readonly options = new Options();
  readonly cookies = new Cookies();
  certificate: string | ClientCertificate | undefined;
  readonly #environment: NodeJS.ProcessEnv | undefined;
  #timeouts: Timeouts = DEFAULT_TIMEOUTS;
  #proxy: ProxyChoice = NO_PROXY;
  #policy: number = Policy.onlyIfBypassProxy;
  #serverCredentials: Credentials | undefined;
  #proxyCredentials: Credentials | undefined;
  #escaping: EscapeFlags;

  constructor(usesEnvironment: boolean) {
    this.#environment = usesEnvironment ? process.env : undefined;
    this.#escaping = this.#readEscaping();
  }

  setTimeouts(resolve: number, connect: number, send: number, receive: number): number {
    if (Math.min(resolve, connect, send, receive) < -1) return HResult.E_INVALIDARG;
    this.#timeouts = { resolve, connect, send, receive };
    return 0;
  }

  setProxy(setting: number, server = '', bypass = ''): number {
    if (setting < 0 || setting > MAX_PROXY_SETTING) return HResult.E_INVALIDARG;
    this.#proxy = { setting, server, bypass };
    return 0;
  }

  setAutoLogonPolicy(policy: number): number {
    if (policy < Policy.always || policy > Policy.never) return HResult.E_INVALIDARG;
    this.#policy = policy;
    return 0;
  }

  setCredentials(userName: string | null, password: string | null, target: number): number {
    if (userName === null || password === null) return HResult.E_INVALIDARG;
    if (target === Target.server) this.#serverCredentials = { userName, password };
    else if (target === Target.proxy) this.#proxyCredentials = { userName, password };
    else return HResult.E_INVALIDARG;
    return 0;
  }

  /** Open: credentials are those of one request, and how the URL is escaped is settled. */
  beginRequest(): void {
    this.#serverCredentials = undefined;
    this.#proxyCredentials = undefined;
    this.#escaping = this.#readEscaping();
  }

  /**
   * Everything as it stands now. The headers are the plan's own.
   *
   * @throws {WinwireError} E_INVALIDARG if the query needs a code page that is not known.
   */
  plan(method: string, url: RequestUrl, headers: RequestHeaders, body: RequestBody): Plan {
    const escaping = this.#escaping;
    if (!canEscape(url.query, escaping)) {
      throw failureOf('Send', HResult.E_INVALIDARG, { detail: `URLCodePage ${escaping.codePage}` });
    }
    const { options, certificate } = this;
    const isSelection = typeof certificate === 'string';
    return {
      method,
      url,
      headers,
      body: dropsBody(method) ? undefined : encodeBody(body, headers),
      userAgent: options.text(Option.UserAgentString),
      isOne: options.flag(Option.EnableHttp1_1),
      escaping,
      redirects: {
        follow: options.flag(Option.EnableRedirects),
        max: options.number(Option.MaxAutomaticRedirects),
        httpsToHttp: options.flag(Option.EnableHttpsToHttpRedirects),
      },
      timeouts: this.#timeouts,
      proxy: this.#proxy,
      environment: this.#environment,
      tls: {
        ignored: options.number(Option.SslErrorIgnoreFlags),
        protocols: options.number(Option.SecureProtocols),
        checksRevocation: options.flag(Option.EnableCertificateRevocationCheck),
        certificate: isSelection ? undefined : certificate,
      },
      maxHeaderSize: options.number(Option.MaxResponseHeaderSize),
      maxDrain: options.number(Option.MaxResponseDrainSize),
      serverCredentials: this.#serverCredentials,
      proxyCredentials: this.#proxyCredentials,
      logsOnAlways: this.#policy === Policy.always,
      cookies: this.cookies,
      certificateSelection: isSelection ? certificate : undefined,
    };
  }

  #readEscaping(): EscapeFlags {
    return {
      codePage: this.options.number(Option.URLCodePage),
      percent: this.options.flag(Option.EscapePercentInURL),
      disable: this.options.flag(Option.UrlEscapeDisable),
      disableQuery: this.options.flag(Option.UrlEscapeDisableQuery),
    };
  }
}
