/** The settings of a request object, and which of them last for one request only. */

import type { Credentials } from '../../auth/auth-types.ts';
import { HResult } from '../../hresult.ts';
import { NO_CHOICE, PRECONFIG, type ProxyChoice } from '../../proxy/set-proxy.ts';
import type { ClientCertificate, FindProxies, RequestBody, RequestObjectOptions } from '../request-object.ts';
import { WinHttpRequestOption as Option } from '../request-option.ts';
import { failureOf } from '../winhttp-errors.ts';
import { Cookies } from './cookies.ts';
import type { RequestHeaders } from './headers.ts';
import { AutoLogon } from './logon-policy.ts';
import { Options } from './option-values.ts';
import type { Plan } from './plan.ts';
import { DEFAULT_TIMEOUTS, type Timeouts } from './timeouts.ts';
import type { RequestUrl } from './url.ts';
import { canEscape, type EscapeFlags } from './url-escape.ts';
import { dropsBody, encodeBody } from './wire-body.ts';

const Target = { server: 0, proxy: 1 } as const;
const MAX_PROXY_SETTING = 2;

let lastOwner = 0;

/** Methods return 0, or the HRESULT that explains why nothing changes. */
export class Settings {
  readonly options = new Options();
  readonly cookies = new Cookies();
  certificate: string | ClientCertificate | undefined;
  readonly #environment: NodeJS.ProcessEnv | undefined;
  readonly #findProxies: FindProxies | undefined;
  #timeouts: Timeouts = DEFAULT_TIMEOUTS;
  #proxy: ProxyChoice = NO_CHOICE;
  #autoLogon: number = AutoLogon.onlyIfBypassProxy;
  readonly #owner = ++lastOwner;
  #serverCredentials: Credentials | undefined;
  #proxyCredentials: Credentials | undefined;
  #escaping: EscapeFlags;

  constructor({ environmentProxy, findProxies }: RequestObjectOptions) {
    this.#environment = environmentProxy ? process.env : undefined;
    this.#findProxies = findProxies;
    this.#escaping = this.#escapeFlags();
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
    if (policy < AutoLogon.always || policy > AutoLogon.never) return HResult.E_INVALIDARG;
    this.#autoLogon = policy;
    return 0;
  }

  setCredentials(userName: string | null, password: string | null, target: number): number {
    if (userName === null || password === null) return HResult.E_INVALIDARG;
    if (target === Target.server) this.#serverCredentials = { username: userName, password };
    else if (target === Target.proxy) this.#proxyCredentials = { username: userName, password };
    else return HResult.E_INVALIDARG;
    return 0;
  }

  /** Called by Open: resets the credentials and fixes how the URL is escaped. */
  beginRequest(): void {
    this.#serverCredentials = undefined;
    this.#proxyCredentials = undefined;
    this.#escaping = this.#escapeFlags();
  }

  /**
   * Returns the current settings, with a copy of the headers.
   *
   * @throws {WinwireError} E_INVALIDARG if the query needs an unknown code page.
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
      isHttp11: options.flag(Option.EnableHttp1_1),
      escaping,
      redirects: {
        follow: options.flag(Option.EnableRedirects),
        max: options.number(Option.MaxAutomaticRedirects),
        httpsToHttp: options.flag(Option.EnableHttpsToHttpRedirects),
      },
      timeouts: this.#timeouts,
      proxy: this.#proxy,
      environment: this.#environment,
      findProxies: this.#proxy.setting === PRECONFIG ? this.#findProxies : undefined,
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
      autoLogon: this.#autoLogon,
      owner: this.#owner,
      cookies: this.cookies,
      certificateSelection: isSelection ? certificate : undefined,
    };
  }

  #escapeFlags(): EscapeFlags {
    return {
      codePage: this.options.number(Option.URLCodePage),
      percent: this.options.flag(Option.EscapePercentInURL),
      disable: this.options.flag(Option.UrlEscapeDisable),
      disableQuery: this.options.flag(Option.UrlEscapeDisableQuery),
    };
  }
}
