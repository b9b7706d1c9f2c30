/** The request object of the portable engine: the states and HRESULTs of IWinHttpRequest over `Transaction`. */
import type { Readable } from 'node:stream';
import type { WinwireError } from '../../errors.ts';
import { HResult } from '../../hresult.ts';
import type { ResponseHead } from '../../http1/response-head.ts';
import { isToken } from '../../token.ts';
import { decodeText } from '../charset.ts';
import type {
  AsyncMode,
  ClientCertificate,
  OptionValue,
  RequestBody,
  RequestObject,
  RequestObjectOptions,
  RequestSink,
} from '../request-object.ts';
import { WinHttpRequestOption as Option } from '../request-option.ts';
import { failureOf } from '../winhttp-errors.ts';
import { invalidHeader, isFieldValue, RequestHeaders } from './headers.ts';
import { ownedCopy } from './owned-copy.ts';
import { ResponseStore } from './response-store.ts';
import { Settings } from './settings.ts';
import { Transaction } from './transaction.ts';
import { sendFailure } from './transport-failure.ts';
import { parseUrl, type RequestUrl } from './url.ts';

export { executePortable } from './portable-execute.ts';

/** The states of section 5 of the specification that the getters distinguish. */
type State = 'NEW' | 'OPEN' | 'SENDING' | 'RECEIVING' | 'DONE' | 'FAILED' | 'ABORTED';

/** Creates a request object of the portable engine. */
export async function createPortableObject(options: RequestObjectOptions, sink: RequestSink): Promise<RequestObject> {
  return new PortableRequest(options, sink);
}

class PortableRequest implements RequestObject {
  readonly backend = 'portable';
  readonly #options: RequestObjectOptions;
  readonly #sink: RequestSink;
  readonly #settings: Settings;
  #state: State = 'NEW';
  #method = '';
  #url: RequestUrl | undefined;
  #headers = new RequestHeaders();
  #transaction: Transaction | undefined;
  #head: ResponseHead | undefined;
  #store: ResponseStore;
  #wantsData = false;
  #isReferenced = true;

  constructor(options: RequestObjectOptions, sink: RequestSink) {
    this.#options = options;
    this.#sink = sink;
    this.#settings = new Settings(options);
    this.#store = new ResponseStore(options.limits.responseMemory);
  }

  async setProxy(setting: number, server: string | undefined, bypass: string | undefined): Promise<void> {
    check('SetProxy', this.#settings.setProxy(setting, server, bypass));
  }

  async setCredentials(userName: string | null, password: string | null, target: number): Promise<void> {
    this.#refuseBeforeOpen('SetCredentials');
    check('SetCredentials', this.#settings.setCredentials(userName, password, target));
  }

  async open(method: string | null, url: string | null, _mode: AsyncMode): Promise<void> {
    if (method === null || url === null) throw failureOf('Open', HResult.E_INVALIDARG);
    if (method !== '' && !isToken(method)) throw failureOf('Open', HResult.E_INVALIDARG);
    const parsed = parseUrl(url);
    if (typeof parsed === 'number') throw failureOf('Open', parsed);
    if (parsed.userName !== undefined && this.#settings.options.flag(Option.RejectUserpwd)) {
      throw failureOf('Open', HResult.ERROR_WINHTTP_INVALID_URL, {
        detail: 'RejectUserpwd is set, and the URL names a user',
      });
    }
    this.#reset('OPEN');
    this.#method = method;
    this.#url = parsed;
    this.#headers = new RequestHeaders();
    this.#settings.beginRequest();
  }

  async setRequestHeader(header: string | null, value: string | null): Promise<void> {
    if (header === null) throw failureOf('SetRequestHeader', HResult.E_INVALIDARG);
    this.#refuseBeforeOpen('SetRequestHeader');
    if (this.#state !== 'OPEN') throw failureOf('SetRequestHeader', HResult.ERROR_WINHTTP_CANNOT_CALL_AFTER_SEND);
    if (!isToken(header) || (value !== null && !isFieldValue(value))) {
      throw invalidHeader(header);
    }
    if (value === null) this.#headers.delete(header);
    else this.#headers.set(header, value);
  }

  async getResponseHeader(header: string | null): Promise<string> {
    const head = this.#headFor('GetResponseHeader');
    if (header === null) throw failureOf('GetResponseHeader', HResult.E_INVALIDARG);
    const value = head.first(header.toLowerCase());
    if (value === undefined)
      throw failureOf('GetResponseHeader', HResult.ERROR_WINHTTP_HEADER_NOT_FOUND, { detail: header });
    return value;
  }

  async getAllResponseHeaders(): Promise<string> {
    return this.#headFor('GetAllResponseHeaders').text;
  }

  async send(body: RequestBody, generation: number): Promise<void> {
    if (this.#state === 'DONE') {
      queueMicrotask(() => this.#sink.responseFinished(generation));
      return;
    }
    const plan = this.#settings.plan(this.#method, this.#url as RequestUrl, this.#headers.clone(), body);
    this.#reset('SENDING');
    const transaction = new Transaction(plan, this.#listener(generation));
    transaction.setRef(this.#isReferenced);
    this.#transaction = transaction;
    transaction.start();
  }

  async status(): Promise<number> {
    return this.#headFor('Status').status;
  }

  async statusText(): Promise<string> {
    return this.#headFor('StatusText').statusText;
  }

  async responseText(limit: number): Promise<string> {
    this.#refuseUnlessDone('ResponseText');
    const bytes = await this.#store.bytes('ResponseText', 'responseText', limit);
    return decodeText(bytes, this.#head?.first('content-type') ?? '');
  }

  async responseBody(limit: number): Promise<Buffer> {
    this.#refuseUnlessDone('ResponseBody');
    return this.#store.bytes('ResponseBody', 'responseBody', limit);
  }

  async responseStream(): Promise<Readable> {
    this.#refuseUnlessDone('ResponseStream');
    return this.#store.stream();
  }

  async getOption(option: number): Promise<OptionValue> {
    const { options } = this.#settings;
    if (!options.has(option) || option === Option.SelectCertificate) throw failureOf('Option', HResult.E_INVALIDARG);
    if (option !== Option.URL) return options.get(option);
    if (!this.#url) throw failureOf('Option', HResult.ERROR_WINHTTP_CANNOT_CALL_BEFORE_OPEN);
    return this.#url.href;
  }

  async setOption(option: number, value: OptionValue): Promise<void> {
    check('Option', this.#settings.options.set(option, value));
    if (option === Option.SelectCertificate) this.#settings.certificate = String(value);
  }

  async abort(): Promise<void> {
    if (this.#state !== 'NEW') this.#reset('ABORTED');
  }

  async setTimeouts(resolve: number, connect: number, send: number, receive: number): Promise<void> {
    check('SetTimeouts', this.#settings.setTimeouts(resolve, connect, send, receive));
  }

  async setClientCertificate(certificate: string | null | ClientCertificate): Promise<void> {
    if (certificate === null) throw failureOf('SetClientCertificate', HResult.E_INVALIDARG);
    this.#settings.certificate = certificate;
  }

  async setAutoLogonPolicy(policy: number): Promise<void> {
    check('SetAutoLogonPolicy', this.#settings.setAutoLogonPolicy(policy));
  }

  wantData(wanted: boolean): void {
    this.#wantsData = wanted;
  }

  ref(): void {
    this.#isReferenced = true;
    this.#transaction?.setRef(true);
  }

  unref(): void {
    this.#isReferenced = false;
    this.#transaction?.setRef(false);
  }

  async close(): Promise<void> {
    this.#reset('ABORTED');
  }

  /** Cancels the pending request and drops the previous response. */
  #reset(state: State): void {
    this.#transaction?.cancel();
    this.#transaction = undefined;
    this.#head = undefined;
    this.#store.dispose();
    this.#store = new ResponseStore(this.#options.limits.responseMemory);
    this.#state = state;
  }

  #listener(generation: number): ConstructorParameters<typeof Transaction>[1] {
    const sink = this.#sink;
    return {
      onConnected: (times) => sink.connected(generation, times),
      onHead: (head, url) => {
        this.#head = head;
        this.#url = url;
        this.#state = 'RECEIVING';
        this.#store.expect(head.length ?? 0);
        sink.responseStart(generation, head.status, head.first('content-type') ?? '', head.length);
      },
      onData: (chunk) => {
        const transaction = this.#transaction;
        const goesOn = this.#store.append(chunk, () => transaction?.resume());
        if (this.#store.error) this.#onFail(generation, storeFailure(this.#store.error));
        // Copied, because listeners may change their bytes.
        else if (this.#wantsData) sink.responseData(generation, ownedCopy(chunk));
        if (!this.#store.isInMemory) transaction?.lend();
        return goesOn;
      },
      onEnd: () => void this.#finish(generation, this.#store),
      onFail: (error) => this.#onFail(generation, error),
      onSent: (sent, total) => sink.requestProgress(generation, sent, total),
    };
  }

  async #finish(generation: number, store: ResponseStore): Promise<void> {
    try {
      if (!store.isInMemory) await store.complete();
    } catch (error) {
      if (store === this.#store) this.#onFail(generation, storeFailure(error));
      return;
    }
    if (store !== this.#store) return;
    this.#transaction = undefined;
    this.#state = 'DONE';
    const { status = 0, statusText = '', text: headers = '' } = this.#head ?? {};
    this.#sink.responseFinished(generation, { status, statusText, headers, url: this.#url?.href });
  }

  #onFail(generation: number, error: WinwireError): void {
    this.#reset('FAILED');
    this.#sink.error(generation, error);
  }

  #refuseBeforeOpen(member: string): void {
    if (this.#state !== 'NEW' && this.#state !== 'ABORTED') return;
    throw failureOf(member, HResult.ERROR_WINHTTP_CANNOT_CALL_BEFORE_OPEN);
  }

  #headFor(member: string): ResponseHead {
    if (this.#head) return this.#head;
    const isPending = this.#state === 'SENDING';
    throw failureOf(member, isPending ? HResult.E_PENDING : HResult.ERROR_WINHTTP_CANNOT_CALL_BEFORE_SEND);
  }

  #refuseUnlessDone(member: string): void {
    if (this.#state === 'DONE') return;
    const isPending = this.#state === 'SENDING' || this.#state === 'RECEIVING';
    throw failureOf(member, isPending ? HResult.E_PENDING : HResult.ERROR_WINHTTP_CANNOT_CALL_BEFORE_SEND);
  }
}

function check(member: string, hresult: number): void {
  if (hresult !== 0) throw failureOf(member, hresult);
}

const storeFailure = (cause: unknown): WinwireError => sendFailure(HResult.ERROR_WRITE_FAULT, undefined, cause);
