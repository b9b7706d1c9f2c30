/** `WinHttpRequest`: IWinHttpRequest and IWinHttpRequestEvents with promises, on either backend. */

import { EventEmitter } from 'node:events';
import type { Readable } from 'node:stream';
import { type BackendName, chooseBackend } from '../../backend.ts';
import { illegalConstructor } from '../../errors.ts';
import { validateBoolean, validateObject, validateWaitOptions } from '../../options.ts';
import type { AsyncMode, ClientCertificate, OptionValue, RequestObjectOptions } from '../request-object.ts';
import { loadBackend } from './load-backend.ts';
import {
  readAsyncMode,
  readBstr,
  readCertificate,
  readLong,
  readOption,
  readOptionValue,
  readSeconds,
  requestLimits,
} from './request-arguments.ts';
import { collect, readBody } from './request-body.ts';
import { RequestSession } from './request-session.ts';
import { executeRequest, type WinHttpRequestInit, type WinHttpResponse } from './static-request.ts';
import type { IWinHttpRequest } from './winhttp-interface.ts';
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

type Bstr = string | null | undefined;

/** An object without a backend would be none: only `create` has this. */
const CREATE = Symbol('create');

const CREATE_OPTIONS = { names: ['backend', 'limits', 'environmentProxy', 'nativeSync'] };

/**
 * A request object: create it, then `open`, `send` and read the response.
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
  readonly #session: RequestSession;

  private constructor(options: RequestObjectOptions, key: typeof CREATE) {
    super();
    if (key !== CREATE) {
      throw illegalConstructor(
        'WinHttpRequest',
        'WinHttpRequest.create(), or WinHttpRequest.request(url) for a whole request',
      );
    }
    this.#session = new RequestSession(options, this as EventEmitter, collect);
    this.#watchListeners();
  }

  /**
   * Makes a request object on a backend.
   *
   * @throws {BackendUnavailableError} if the backend cannot serve; nothing else is tried in its place.
   */
  static async create(options?: WinHttpRequestCreateOptions): Promise<WinHttpRequest> {
    const given = validateObject(options, 'options', CREATE_OPTIONS);
    const name = chooseBackend(given.backend);
    const settings: RequestObjectOptions = {
      limits: requestLimits(given.limits),
      environmentProxy: validateBoolean(given.environmentProxy, 'environmentProxy'),
      nativeSync: validateBoolean(given.nativeSync, 'nativeSync'),
    };
    const backend = await loadBackend(name);
    const request = new WinHttpRequest(settings, CREATE);
    await request.#session.create(backend.create);
    return request;
  }

  /**
   * Does a whole request in one crossing, on an object of its own: settings, Open, headers, Send, and all of the
   * response.
   *
   * @throws {WinwireError} as the members do; ERROR_FILE_TOO_LARGE for a response beyond `limits.responseBody`.
   * @throws {AbortError} if the signal aborted it.
   */
  static request(url: string | URL, init?: WinHttpRequestInit): Promise<WinHttpResponse> {
    return executeRequest(url, init);
  }

  /** Who serves this object. */
  get backend(): BackendName {
    return this.#session.object.backend;
  }

  /** {@inheritDoc IWinHttpRequest.setProxy} */
  async setProxy(setting: ProxySetting | number, server?: Bstr, bypass?: Bstr): Promise<void> {
    const value = readLong(setting, 'setting');
    const proxy = readBstr(server, 'server') ?? undefined;
    const hosts = readBstr(bypass, 'bypass') ?? undefined;
    return this.#session.call((object) => object.setProxy(value, proxy, hosts));
  }

  /** {@inheritDoc IWinHttpRequest.setCredentials} */
  async setCredentials(userName: Bstr, password: Bstr, target: CredentialTarget | number): Promise<void> {
    const user = readBstr(userName, 'userName');
    const secret = readBstr(password, 'password');
    const flags = readLong(target, 'target');
    return this.#session.call((object) => object.setCredentials(user, secret, flags));
  }

  /** {@inheritDoc IWinHttpRequest.open} */
  async open(method: Bstr, url: Bstr, async: AsyncMode = true): Promise<void> {
    const verb = readBstr(method, 'method');
    const address = readBstr(url, 'url');
    const mode = readAsyncMode(async);
    return this.#session.open(verb, address, mode);
  }

  /** {@inheritDoc IWinHttpRequest.setRequestHeader} */
  async setRequestHeader(header: Bstr, value: Bstr): Promise<void> {
    const name = readBstr(header, 'header');
    const text = readBstr(value, 'value');
    return this.#session.setRequestHeader(name, text);
  }

  /** {@inheritDoc IWinHttpRequest.getResponseHeader} */
  getResponseHeader(header: Bstr): Promise<string> {
    return this.#session.get((object) => object.getResponseHeader(readBstr(header, 'header')));
  }

  /** {@inheritDoc IWinHttpRequest.getAllResponseHeaders} */
  getAllResponseHeaders(): Promise<string> {
    return this.#session.get((object) => object.getAllResponseHeaders());
  }

  /** {@inheritDoc IWinHttpRequest.send} */
  send(body?: WinHttpBody, options?: WinHttpSendOptions): Promise<void> {
    try {
      return this.#session.send(readBody(body), validateWaitOptions(options));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** {@inheritDoc IWinHttpRequest.status} */
  get status(): Promise<number> {
    return this.#session.get((object) => object.status());
  }

  /** {@inheritDoc IWinHttpRequest.statusText} */
  get statusText(): Promise<string> {
    return this.#session.get((object) => object.statusText());
  }

  /** {@inheritDoc IWinHttpRequest.responseText} */
  get responseText(): Promise<string> {
    return this.#session.get((object) => object.responseText(this.#session.options.limits.responseText));
  }

  /** {@inheritDoc IWinHttpRequest.responseBody} */
  get responseBody(): Promise<Buffer> {
    return this.#session.get((object) => object.responseBody(this.#session.options.limits.responseBody));
  }

  /** {@inheritDoc IWinHttpRequest.responseStream} */
  get responseStream(): Promise<Readable> {
    return this.#session.get((object) => object.responseStream());
  }

  /** {@inheritDoc IWinHttpRequest.getOption} */
  getOption<Key extends OptionKey>(option: Key): Promise<ValueOfOption<Key>> {
    return this.#session.get((object) => object.getOption(readOption(option)) as Promise<ValueOfOption<Key>>);
  }

  /** {@inheritDoc IWinHttpRequest.setOption} */
  async setOption(option: OptionKey, value: OptionValue): Promise<void> {
    const id = readOption(option);
    const checked = readOptionValue(value);
    return this.#session.call((object) => object.setOption(id, checked));
  }

  /** {@inheritDoc IWinHttpRequest.waitForResponse} */
  async waitForResponse(seconds?: number | null, options?: WinHttpWaitOptions): Promise<boolean> {
    const milliseconds = readSeconds(seconds);
    return this.#session.wait(milliseconds, validateWaitOptions(options));
  }

  /** {@inheritDoc IWinHttpRequest.abort} */
  async abort(): Promise<void> {
    return this.#session.abort();
  }

  /** {@inheritDoc IWinHttpRequest.setTimeouts} */
  async setTimeouts(resolve: number, connect: number, send: number, receive: number): Promise<void> {
    const forName = readLong(resolve, 'resolve');
    const forConnection = readLong(connect, 'connect');
    const forRequest = readLong(send, 'send');
    const forResponse = readLong(receive, 'receive');
    return this.#session.call((object) => object.setTimeouts(forName, forConnection, forRequest, forResponse));
  }

  /** {@inheritDoc IWinHttpRequest.setClientCertificate} */
  async setClientCertificate(certificate: Bstr | ClientCertificate): Promise<void> {
    const checked = readCertificate(certificate);
    return this.#session.call((object) => object.setClientCertificate(checked));
  }

  /** {@inheritDoc IWinHttpRequest.setAutoLogonPolicy} */
  async setAutoLogonPolicy(policy: AutoLogonPolicy | number): Promise<void> {
    const value = readLong(policy, 'policy');
    return this.#session.call((object) => object.setAutoLogonPolicy(value));
  }

  /** A pending request keeps the process alive, as it does at first. */
  ref(): this {
    this.#session.object.ref();
    return this;
  }

  /** The process may end while a request is pending. */
  unref(): this {
    this.#session.object.unref();
    return this;
  }

  /** Gives up what is pending and releases the object; streams that were handed out stay readable. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#session.close();
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
      if (event === 'responseDataAvailable' || event === 'downloadProgress') this.#session.object.wantData(true);
    });
  }
}
