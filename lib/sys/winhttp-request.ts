/** `WinHttpRequest`: IWinHttpRequest and IWinHttpRequestEvents with promises, on either backend. */
import { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';
import { AbortError } from '../abort-error.ts';
import { type BackendName, chooseBackend } from '../backend.ts';
import type { WinwireError } from '../errors.ts';
import { loadBackend } from '../winhttp/backends.ts';
import { CallQueue } from '../winhttp/call-queue.ts';
import { cancelled, failureOf } from '../winhttp/failure.ts';
import { Code } from '../winhttp/hresults.ts';
import { PendingRequest } from '../winhttp/pending-request.ts';
import type {
  AsyncMode,
  ClientCertificate,
  OptionValue,
  RequestBody,
  RequestObject,
  RequestObjectOptions,
  RequestSink,
} from '../winhttp/request-object.ts';
import {
  readAsyncMode,
  readBoolean,
  readBstr,
  readCertificate,
  readLimits,
  readLong,
  readObject,
  readOption,
  readOptionValue,
  readSeconds,
  readSignal,
} from './winhttp-arguments.ts';
import { collect, readBody } from './winhttp-body.ts';
import { executeRequest, type WinHttpRequestInit, type WinHttpResponse } from './winhttp-execute.ts';
import type { IWinHttpRequest } from './winhttp-interface.ts';
import type {
  AutoLogonPolicy,
  CredentialTarget,
  OptionKey,
  ProxySetting,
  SendOptions,
  ValueOfOption,
  WaitOptions,
  WinHttpBody,
  WinHttpRequestCreateOptions,
  WinHttpRequestEvents,
} from './winhttp-types.ts';

type Bstr = string | null | undefined;

/** What is common to the seven states of the specification; a pending request is told apart by its record. */
type State = 'NEW' | 'OPEN' | 'DONE' | 'FAILED' | 'ABORTED';

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
  readonly #options: RequestObjectOptions;
  readonly #queue = new CallQueue();
  #object!: RequestObject;
  #state: State = 'NEW';
  #pending: PendingRequest | undefined;
  /** Calls of Open that are under way, and the sends that came meanwhile. */
  #opening = 0;
  readonly #waiting = new Set<PendingRequest>();
  #generation = 0;
  #received = 0;
  #length: number | undefined;
  /** Events that come while Open is under way: of the old request if it fails, of nobody if it succeeds. */
  #held: (() => void)[] | undefined;
  #closing: Promise<void> | undefined;

  private constructor(options: RequestObjectOptions) {
    super();
    this.#options = options;
    this.#watchListeners();
  }

  /**
   * Makes a request object on a backend.
   *
   * @throws {BackendUnavailableError} if the backend cannot serve; nothing else is tried in its place.
   */
  static async create(options?: WinHttpRequestCreateOptions): Promise<WinHttpRequest> {
    const given = readObject(options, 'options');
    const name = chooseBackend(given.backend);
    const settings: RequestObjectOptions = {
      limits: readLimits(given.limits),
      environmentProxy: readBoolean(given.environmentProxy, 'environmentProxy'),
      nativeSync: readBoolean(given.nativeSync, 'nativeSync'),
    };
    const backend = await loadBackend(name);
    const request = new WinHttpRequest(settings);
    request.#object = await backend.create(settings, request.#sink());
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
    return this.#object.backend;
  }

  /** {@inheritDoc IWinHttpRequest.setProxy} */
  async setProxy(setting: ProxySetting | number, server?: Bstr, bypass?: Bstr): Promise<void> {
    const value = readLong(setting, 'setting');
    const proxy = readBstr(server, 'server') ?? undefined;
    const hosts = readBstr(bypass, 'bypass') ?? undefined;
    return this.#call((object) => object.setProxy(value, proxy, hosts));
  }

  /** {@inheritDoc IWinHttpRequest.setCredentials} */
  async setCredentials(userName: Bstr, password: Bstr, target: CredentialTarget | number): Promise<void> {
    const user = readBstr(userName, 'userName');
    const secret = readBstr(password, 'password');
    const flags = readLong(target, 'target');
    return this.#call((object) => object.setCredentials(user, secret, flags));
  }

  /** {@inheritDoc IWinHttpRequest.open} */
  async open(method: Bstr, url: Bstr, async: AsyncMode = true): Promise<void> {
    const verb = readBstr(method, 'method');
    const address = readBstr(url, 'url');
    const mode = readAsyncMode(async);
    this.#opening++;
    return this.#call((object) => this.#open(() => object.open(verb, address, mode))).finally(() => this.#opening--);
  }

  /** {@inheritDoc IWinHttpRequest.setRequestHeader} */
  async setRequestHeader(header: Bstr, value: Bstr): Promise<void> {
    const name = readBstr(header, 'header');
    const text = readBstr(value, 'value');
    return this.#call((object) => object.setRequestHeader(name, text));
  }

  /** {@inheritDoc IWinHttpRequest.getResponseHeader} */
  getResponseHeader(header: Bstr): Promise<string> {
    return this.#get((object) => object.getResponseHeader(readBstr(header, 'header')));
  }

  /** {@inheritDoc IWinHttpRequest.getAllResponseHeaders} */
  getAllResponseHeaders(): Promise<string> {
    return this.#get((object) => object.getAllResponseHeaders());
  }

  /** {@inheritDoc IWinHttpRequest.send} */
  send(body?: WinHttpBody, options?: SendOptions): Promise<void> {
    try {
      const given = readBody(body);
      const signal = readSignal(readObject(options, 'options').signal);
      this.#refuseIfClosed();
      if (signal?.aborted) throw new AbortError(signal.reason);
      if (this.#opening === 0) this.#refuseSecond();
      return this.#begin(given, signal).promise;
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** {@inheritDoc IWinHttpRequest.status} */
  get status(): Promise<number> {
    return this.#get((object) => object.status());
  }

  /** {@inheritDoc IWinHttpRequest.statusText} */
  get statusText(): Promise<string> {
    return this.#get((object) => object.statusText());
  }

  /** {@inheritDoc IWinHttpRequest.responseText} */
  get responseText(): Promise<string> {
    return this.#get((object) => object.responseText(this.#options.limits.responseText));
  }

  /** {@inheritDoc IWinHttpRequest.responseBody} */
  get responseBody(): Promise<Buffer> {
    return this.#get((object) => object.responseBody(this.#options.limits.responseBody));
  }

  /** {@inheritDoc IWinHttpRequest.responseStream} */
  get responseStream(): Promise<Readable> {
    return this.#get((object) => object.responseStream());
  }

  /** {@inheritDoc IWinHttpRequest.getOption} */
  getOption<Key extends OptionKey>(option: Key): Promise<ValueOfOption<Key>> {
    return this.#get((object) => object.getOption(readOption(option)) as Promise<ValueOfOption<Key>>);
  }

  /** {@inheritDoc IWinHttpRequest.setOption} */
  async setOption(option: OptionKey, value: OptionValue): Promise<void> {
    const id = readOption(option);
    const checked = readOptionValue(value);
    return this.#call((object) => object.setOption(id, checked));
  }

  /** {@inheritDoc IWinHttpRequest.waitForResponse} */
  async waitForResponse(seconds?: number | null, options?: WaitOptions): Promise<boolean> {
    const milliseconds = readSeconds(seconds);
    const signal = readSignal(readObject(options, 'options').signal);
    this.#refuseIfClosed();
    if (!this.#isPending) await this.#queue.idle();
    if (!this.#pending) throw failureOf('WaitForResponse', Code.ERROR_WINHTTP_CANNOT_CALL_BEFORE_SEND);
    return this.#pending.wait(milliseconds, signal);
  }

  /** {@inheritDoc IWinHttpRequest.abort} */
  async abort(): Promise<void> {
    this.#refuseIfClosed();
    return this.#cancel(cancelled());
  }

  /** {@inheritDoc IWinHttpRequest.setTimeouts} */
  async setTimeouts(resolve: number, connect: number, send: number, receive: number): Promise<void> {
    const forName = readLong(resolve, 'resolve');
    const forConnection = readLong(connect, 'connect');
    const forRequest = readLong(send, 'send');
    const forResponse = readLong(receive, 'receive');
    return this.#call((object) => object.setTimeouts(forName, forConnection, forRequest, forResponse));
  }

  /** {@inheritDoc IWinHttpRequest.setClientCertificate} */
  async setClientCertificate(certificate: Bstr | ClientCertificate): Promise<void> {
    const checked = readCertificate(certificate);
    return this.#call((object) => object.setClientCertificate(checked));
  }

  /** {@inheritDoc IWinHttpRequest.setAutoLogonPolicy} */
  async setAutoLogonPolicy(policy: AutoLogonPolicy | number): Promise<void> {
    const value = readLong(policy, 'policy');
    return this.#call((object) => object.setAutoLogonPolicy(value));
  }

  /** A pending request keeps the process alive, as it does at first. */
  ref(): this {
    this.#object.ref();
    return this;
  }

  /** The process may end while a request is pending. */
  unref(): this {
    this.#object.unref();
    return this;
  }

  /** Gives up what is pending and releases the object; streams that were handed out stay readable. */
  [Symbol.asyncDispose](): Promise<void> {
    if (this.#closing) return this.#closing;
    this.#closing = this.#object.close();
    this.#generation++;
    for (const pending of [this.#pending, ...this.#waiting]) pending?.fail(cancelled());
    return this.#closing;
  }

  /** @internal */
  override removeAllListeners(event?: unknown): this {
    super.removeAllListeners(event as keyof WinHttpRequestEvents);
    if (event === undefined || event === 'newListener') this.#watchListeners();
    return this;
  }

  get #isPending(): boolean {
    return this.#pending !== undefined && !this.#pending.isSettled;
  }

  #refuseSecond(): void {
    if (this.#isPending) throw failureOf('Send', Code.ERROR_WINHTTP_CANNOT_CALL_AFTER_SEND);
  }

  #refuseIfClosed(): void {
    if (!this.#closing) return;
    throw Object.assign(new TypeError('The request object was disposed of.'), { code: 'ERR_INVALID_HANDLE' });
  }

  /** A call of the object, after those before it. */
  #call<T>(call: (object: RequestObject) => Promise<T>): Promise<T> {
    return this.#queue.add(async () => {
      this.#refuseIfClosed();
      return call(this.#object);
    });
  }

  /** A call that only asks: nobody has to look at its failure. */
  #get<T>(call: (object: RequestObject) => Promise<T>): Promise<T> {
    const result = this.#call(call);
    result.catch(() => {});
    return result;
  }

  async #open(open: () => Promise<void>): Promise<void> {
    this.#held = [];
    try {
      await open();
    } catch (error) {
      this.#release();
      throw error;
    }
    this.#held = undefined;
    this.#generation++;
    this.#pending?.fail(cancelled());
    this.#pending = undefined;
    this.#state = 'OPEN';
  }

  #begin(given: RequestBody | Readable, signal: AbortSignal | undefined): PendingRequest {
    const pending = new PendingRequest();
    if (signal) {
      const onAbort = () => this.#abortBySignal(pending, new AbortError(signal.reason));
      signal.addEventListener('abort', onAbort, { once: true });
      pending.whenSettled(() => signal.removeEventListener('abort', onAbort));
    }
    // While Open is under way, nobody knows yet whether the request before goes on.
    const isAwaited = this.#opening > 0;
    if (isAwaited) this.#waiting.add(pending);
    else this.#install(pending);
    const installed = isAwaited ? this.#queue.add(async () => this.#install(pending)) : undefined;
    this.#start(pending, given, installed).catch((error: Error) => this.#refuse(pending, error));
    return pending;
  }

  #install(pending: PendingRequest): void {
    this.#waiting.delete(pending);
    if (pending.isSettled) return;
    this.#refuseSecond();
    pending.generation = ++this.#generation;
    this.#pending = pending;
  }

  async #start(pending: PendingRequest, given: RequestBody | Readable, installed?: Promise<void>): Promise<void> {
    await installed;
    const isStream = given instanceof Readable;
    if (isStream) pending.whenSettled(() => given.destroy());
    const body = isStream ? await collect(given, this.#options.limits.requestBody) : given;
    await this.#call(async (object) => {
      if (pending.isSettled) return;
      if (this.#state === 'NEW' || this.#state === 'ABORTED') {
        throw failureOf('Send', Code.ERROR_WINHTTP_CANNOT_CALL_BEFORE_OPEN);
      }
      pending.silent = this.#state === 'DONE';
      pending.accepted = true;
      this.#received = 0;
      await object.send(body, pending.generation);
    });
  }

  /** The request was not even accepted: there is nothing to wait for, and the state is what it was. */
  #refuse(pending: PendingRequest, error: Error): void {
    if (pending.isSettled) return;
    if (this.#pending === pending) this.#pending = undefined;
    pending.fail(error);
  }

  async #cancel(error: Error): Promise<void> {
    const pending = this.#isPending ? this.#pending : undefined;
    this.#generation++;
    this.#held = undefined;
    for (const waiting of this.#waiting) waiting.fail(error);
    this.#waiting.clear();
    const direct = pending?.accepted ? this.#object.abort() : undefined;
    if (pending) pending.fail(error);
    else this.#pending = undefined;
    await this.#queue.add(async () => {
      await (direct ?? (this.#closing ? undefined : this.#object.abort()));
      if (this.#state !== 'NEW') this.#state = 'ABORTED';
    });
  }

  #abortBySignal(pending: PendingRequest, error: AbortError): void {
    if (this.#pending === pending) void this.#cancel(error);
    else pending.fail(error);
  }

  #sink(): RequestSink {
    return {
      responseStart: (generation, status, contentType, length) =>
        this.#deliver(generation, () => {
          this.#length = length;
          this.#tell('responseStart', status, contentType);
        }),
      responseData: (generation, chunk) =>
        this.#deliver(generation, () => {
          this.#received += chunk.length;
          if (this.listenerCount('responseDataAvailable') > 0) this.#tell('responseDataAvailable', asBuffer(chunk));
          if (generation === this.#generation) this.#tell('downloadProgress', this.#received, this.#length);
        }),
      responseFinished: (generation) => this.#deliver(generation, () => this.#finished()),
      error: (generation, error) => this.#deliver(generation, () => this.#failed(error)),
      requestProgress: (generation, sent, total) =>
        this.#deliver(generation, () => this.#tell('uploadProgress', sent, total)),
    };
  }

  #deliver(generation: number, event: () => void): void {
    if (generation !== this.#generation || this.#closing) return;
    if (this.#held) this.#held.push(() => this.#deliver(generation, event));
    else event();
  }

  #release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const event of held) event();
  }

  #finished(): void {
    const pending = this.#pending;
    this.#state = 'DONE';
    pending?.finish();
    if (!pending?.silent) this.#tell('responseFinished');
  }

  #failed(error: WinwireError): void {
    const pending = this.#pending;
    this.#state = 'FAILED';
    const isTaken = this.listenerCount('error') > 0;
    if (isTaken) pending?.take();
    pending?.fail(error);
    if (isTaken) this.#tell('error', error);
  }

  /** What a listener throws is its own affair: the request goes on, and the process hears of it as of any other. */
  #tell<Name extends keyof WinHttpRequestEvents>(name: Name, ...values: WinHttpRequestEvents[Name]): void {
    try {
      (this as EventEmitter).emit(name, ...values);
    } catch (error) {
      process.nextTick(() => {
        throw error;
      });
    }
  }

  #watchListeners(): void {
    (this as EventEmitter).on('newListener', (event: unknown) => {
      if (event === 'responseDataAvailable' || event === 'downloadProgress') this.#object.wantData(true);
    });
  }
}

function asBuffer(chunk: Uint8Array): Buffer {
  return Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}
