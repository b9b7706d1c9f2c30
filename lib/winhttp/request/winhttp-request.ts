/** `WinHttpRequest`: IWinHttpRequest and IWinHttpRequestEvents with promises, with either backend. */

import { EventEmitter } from 'node:events';
import type { Readable } from 'node:stream';
import { type BackendName, chooseBackend } from '../../backend.ts';
import { illegalConstructor } from '../../errors.ts';
import { validateBoolean, validateObject, validateWaitOptions } from '../../options.ts';
import type { AsyncMode, ClientCertificate, OptionValue, RequestObjectOptions } from '../request-object.ts';
import {
  advised,
  credentialsAdvice,
  openAdvice,
  optionAdvice,
  policyAdvice,
  proxyAdvice,
  requiredAdvice,
  timeoutsAdvice,
} from './call-advice.ts';
import { loadBackend } from './load-backend.ts';
import {
  normalizeProxy,
  parseOption,
  requestLimits,
  secondsToMilliseconds,
  validateAsyncMode,
  validateBstr,
  validateCertificate,
  validateLong,
  validateOptionValue,
} from './request-arguments.ts';
import { collectBody, normalizeBody } from './request-body.ts';
import { RequestLifecycle } from './request-lifecycle.ts';
import { findProxiesBy, isProxyOption } from './request-proxy.ts';
import { executeRequest, type WinHttpRequestInit, type WinHttpResponse } from './static-request.ts';
import type { Bstr, IWinHttpRequest } from './winhttp-interface.ts';
import type {
  AutoLogonPolicy,
  CredentialTarget,
  OptionKey,
  ProxySetting,
  ValueOfOption,
  WinHttpBody,
  WinHttpRequestCreateOptions,
  WinHttpRequestEvents,
  WinHttpSendOptions,
  WinHttpWaitOptions,
} from './winhttp-types.ts';

/** Makes the constructor private: only `create` has this value. */
const CREATE = Symbol('create');

const CREATE_OPTIONS = {
  names: ['backend', 'limits', 'proxy', 'environmentProxy', 'nativeSync'],
  instead: {
    timeout: 'setTimeouts()',
    timeouts: 'setTimeouts()',
    headers: 'setRequestHeader()',
    credentials: 'setCredentials()',
    options: 'setOption()',
  },
};

/**
 * A request object: call `create`, `open` and `send`, then read the response.
 *
 * @example
 * ```ts
 * await using request = await WinHttpRequest.create();
 * await request.open('GET', 'https://example.org/');
 * await request.send();
 * console.log(await request.status, await request.responseText);
 * ```
 *
 * Events: see {@link WinHttpRequestEvents}. Source: Microsoft, IWinHttpRequest and IWinHttpRequestEvents interfaces.
 */
export class WinHttpRequest extends EventEmitter<WinHttpRequestEvents> implements IWinHttpRequest {
  readonly #lifecycle: RequestLifecycle;

  private constructor(options: RequestObjectOptions, key: typeof CREATE) {
    super();
    if (key !== CREATE) {
      throw illegalConstructor(
        'WinHttpRequest',
        'WinHttpRequest.create(), or WinHttpRequest.request(url) for a whole request',
      );
    }
    this.#lifecycle = new RequestLifecycle(options, this as EventEmitter, collectBody);
    this.#watchListeners();
  }

  /**
   * Creates a request object.
   *
   * @throws {BackendUnavailableError} if the backend is not available; winwire does not fall back to another one.
   */
  static async create(options?: WinHttpRequestCreateOptions): Promise<WinHttpRequest> {
    const given = validateObject(options, 'options', CREATE_OPTIONS);
    const name = chooseBackend(given.backend);
    const settings: RequestObjectOptions = {
      limits: requestLimits(given.limits),
      environmentProxy: validateBoolean(given.environmentProxy, 'environmentProxy'),
      nativeSync: validateBoolean(given.nativeSync, 'nativeSync'),
    };
    const { proxy } = given;
    const findProxies = isProxyOption(proxy) ? await findProxiesBy(proxy, name) : undefined;
    const choice = proxy === undefined || findProxies ? undefined : normalizeProxy(proxy);
    const backend = await loadBackend(name);
    const request = new WinHttpRequest(findProxies ? { ...settings, findProxies } : settings, CREATE);
    await request.#lifecycle.create(backend.create);
    if (choice) await request.#lifecycle.setProxy(...choice);
    return request;
  }

  /**
   * Performs a whole request with one native call on a new object: settings, Open, headers, Send, and the complete
   * response.
   *
   * @throws {WinwireError} as the members do; ERROR_FILE_TOO_LARGE for a response beyond `limits.responseBody`.
   * @throws {TypeError | RangeError} for an invalid argument or an unknown option.
   * @throws {BackendUnavailableError} if the backend is not available.
   * @throws {AbortError} if the signal aborted it.
   */
  static request(url: string | URL, init?: WinHttpRequestInit): Promise<WinHttpResponse> {
    return executeRequest(url, init);
  }

  /** The backend of this object. */
  get backend(): BackendName {
    return this.#lifecycle.object.backend;
  }

  /** {@inheritDoc IWinHttpRequest.setProxy} */
  async setProxy(setting: ProxySetting | number, server?: Bstr, bypass?: Bstr): Promise<void> {
    const value = validateLong(setting, 'setting');
    const proxy = validateBstr(server, 'server') ?? undefined;
    const hosts = validateBstr(bypass, 'bypass') ?? undefined;
    return advised(this.#lifecycle.setProxy(value, proxy, hosts), proxyAdvice(value));
  }

  /** {@inheritDoc IWinHttpRequest.setCredentials} */
  async setCredentials(userName: Bstr, password: Bstr, target: CredentialTarget | number): Promise<void> {
    const user = validateBstr(userName, 'userName');
    const secret = validateBstr(password, 'password');
    const flags = validateLong(target, 'target');
    return advised(
      this.#lifecycle.call((object) => object.setCredentials(user, secret, flags)),
      credentialsAdvice(flags),
    );
  }

  /** {@inheritDoc IWinHttpRequest.open} */
  open(method: Bstr, url: Bstr, async: AsyncMode = true): Promise<void> {
    try {
      const verb = validateBstr(method, 'method');
      const address = validateBstr(url, 'url');
      const mode = validateAsyncMode(async);
      return advised(this.#lifecycle.open(verb, address, mode), openAdvice(verb, address));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** {@inheritDoc IWinHttpRequest.setRequestHeader} */
  async setRequestHeader(header: Bstr, value: Bstr): Promise<void> {
    const name = validateBstr(header, 'header');
    const text = validateBstr(value, 'value');
    return advised(this.#lifecycle.setRequestHeader(name, text), requiredAdvice('header', name));
  }

  /** {@inheritDoc IWinHttpRequest.getResponseHeader} */
  getResponseHeader(header: Bstr): Promise<string> {
    return this.#lifecycle.call((object) => {
      const name = validateBstr(header, 'header');
      return advised(object.getResponseHeader(name), requiredAdvice('header', name));
    });
  }

  /** {@inheritDoc IWinHttpRequest.getAllResponseHeaders} */
  getAllResponseHeaders(): Promise<string> {
    return this.#lifecycle.call((object) => object.getAllResponseHeaders());
  }

  /** {@inheritDoc IWinHttpRequest.send} */
  send(body?: WinHttpBody, options?: WinHttpSendOptions): Promise<void> {
    try {
      return this.#lifecycle.send(normalizeBody(body), validateWaitOptions(options));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** {@inheritDoc IWinHttpRequest.status} */
  get status(): Promise<number> {
    return this.#lifecycle.call((object) => object.status());
  }

  /** {@inheritDoc IWinHttpRequest.statusText} */
  get statusText(): Promise<string> {
    return this.#lifecycle.call((object) => object.statusText());
  }

  /** {@inheritDoc IWinHttpRequest.responseText} */
  get responseText(): Promise<string> {
    return this.#lifecycle.call((object) => object.responseText(this.#lifecycle.options.limits.responseText));
  }

  /** {@inheritDoc IWinHttpRequest.responseBody} */
  get responseBody(): Promise<Buffer> {
    return this.#lifecycle.call((object) => object.responseBody(this.#lifecycle.options.limits.responseBody));
  }

  /** {@inheritDoc IWinHttpRequest.responseStream} */
  get responseStream(): Promise<Readable> {
    return this.#lifecycle.call((object) => object.responseStream());
  }

  /** {@inheritDoc IWinHttpRequest.getOption} */
  getOption<Key extends OptionKey>(option: Key): Promise<ValueOfOption<Key>> {
    return this.#lifecycle.call((object) => object.getOption(parseOption(option)) as Promise<ValueOfOption<Key>>);
  }

  /** {@inheritDoc IWinHttpRequest.setOption} */
  async setOption(option: OptionKey, value: OptionValue): Promise<void> {
    const id = parseOption(option);
    const checked = validateOptionValue(value);
    return advised(
      this.#lifecycle.call((object) => object.setOption(id, checked)),
      optionAdvice(id, checked),
    );
  }

  /** {@inheritDoc IWinHttpRequest.waitForResponse} */
  async waitForResponse(seconds?: number | null, options?: WinHttpWaitOptions): Promise<boolean> {
    const milliseconds = secondsToMilliseconds(seconds);
    return this.#lifecycle.wait(milliseconds, validateWaitOptions(options));
  }

  /** {@inheritDoc IWinHttpRequest.abort} */
  async abort(): Promise<void> {
    return this.#lifecycle.abort();
  }

  /** {@inheritDoc IWinHttpRequest.setTimeouts} */
  async setTimeouts(resolve: number, connect: number, send: number, receive: number): Promise<void> {
    const forName = validateLong(resolve, 'resolve');
    const forConnection = validateLong(connect, 'connect');
    const forRequest = validateLong(send, 'send');
    const forResponse = validateLong(receive, 'receive');
    return advised(
      this.#lifecycle.call((object) => object.setTimeouts(forName, forConnection, forRequest, forResponse)),
      timeoutsAdvice(forName, forConnection, forRequest, forResponse),
    );
  }

  /** {@inheritDoc IWinHttpRequest.setClientCertificate} */
  async setClientCertificate(certificate: Bstr | ClientCertificate): Promise<void> {
    const checked = validateCertificate(certificate);
    return advised(
      this.#lifecycle.call((object) => object.setClientCertificate(checked)),
      requiredAdvice('certificate', checked),
    );
  }

  /** {@inheritDoc IWinHttpRequest.setAutoLogonPolicy} */
  async setAutoLogonPolicy(policy: AutoLogonPolicy | number): Promise<void> {
    const value = validateLong(policy, 'policy');
    return advised(
      this.#lifecycle.call((object) => object.setAutoLogonPolicy(value)),
      policyAdvice(value),
    );
  }

  /** Lets a pending request keep the process alive, which is the default. */
  ref(): this {
    this.#lifecycle.object.ref();
    return this;
  }

  /** Lets the process end while a request is pending. */
  unref(): this {
    this.#lifecycle.object.unref();
    return this;
  }

  /** Cancels the pending request and releases the object; its streams stay readable. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#lifecycle.close();
  }

  /** @internal */
  override removeAllListeners(event?: unknown): this {
    if (event === undefined) super.removeAllListeners();
    else super.removeAllListeners(event as keyof WinHttpRequestEvents);
    if (event === undefined || event === 'newListener') this.#watchListeners();
    return this;
  }

  #watchListeners(): void {
    (this as EventEmitter).on('newListener', (event: unknown) => {
      if (event === 'responseDataAvailable' || event === 'downloadProgress') this.#lifecycle.object.wantData(true);
    });
  }
}
