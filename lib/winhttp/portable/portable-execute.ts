/** A whole request in one call, without an object and events. */

import { HResult } from '../../hresult.ts';
import type { ResponseHead } from '../../http1/response-head.ts';
import { isToken } from '../../token.ts';
import type { ConnectTimes, Execution, RequestObjectOptions, RequestSpec, ResponseRecord } from '../request-object.ts';
import { WinHttpRequestOption as Option } from '../request-option.ts';
import { failureOf, tooLarge } from '../winhttp-errors.ts';
import { invalidHeader, isFieldValue, RequestHeaders } from './headers.ts';
import type { Plan } from './plan.ts';
import { Settings } from './settings.ts';
import { Transaction } from './transaction.ts';
import type { TransactionListener } from './transaction-listener.ts';
import { parseUrl, type RequestUrl } from './url.ts';

/** Performs a whole request with the portable engine. */
export function executePortable(spec: RequestSpec, options: RequestObjectOptions): Execution {
  let transaction: Transaction | undefined;
  const response = new Promise<ResponseRecord>((resolve, reject) => {
    const collector = new Collector(spec, options.limits.responseBody, resolve, (error) => {
      transaction?.cancel();
      reject(error);
    });
    transaction = new Transaction(planFor(spec, options), collector);
    transaction.start();
  });
  return { response, abort: () => transaction?.cancel() };
}

/** Collects the response. */
class Collector implements TransactionListener {
  readonly #spec: RequestSpec;
  readonly #limit: number;
  readonly #resolve: (response: ResponseRecord) => void;
  readonly #reject: (error: Error) => void;
  #head: ResponseHead | undefined;
  #url: RequestUrl | undefined;
  #chunks: Buffer[] = [];
  #size = 0;

  constructor(
    spec: RequestSpec,
    limit: number,
    resolve: (response: ResponseRecord) => void,
    reject: (error: Error) => void,
  ) {
    this.#spec = spec;
    this.#limit = limit;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  onConnected(times: ConnectTimes): void {
    this.#spec.onConnected?.(times);
  }

  onHead(head: ResponseHead, url: RequestUrl): void {
    this.#head = head;
    this.#url = url;
    this.#spec.onHead?.(head.status, head.first('content-type') ?? '', head.length);
  }

  onData(chunk: Buffer): boolean {
    this.#size += chunk.length;
    if (this.#size > this.#limit) {
      this.#reject(tooLarge('ResponseBody', 'responseBody', this.#limit));
      return true;
    }
    this.#chunks.push(chunk);
    this.#spec.onDownload?.(this.#size, this.#head?.length);
    return true;
  }

  onEnd(): void {
    const { status = 0, statusText = '', text = '' } = this.#head ?? {};
    const [first = Buffer.alloc(0)] = this.#chunks;
    const body = this.#chunks.length > 1 ? Buffer.concat(this.#chunks, this.#size) : first;
    this.#resolve({ status, statusText, headers: text, body, url: this.#url?.href });
  }

  onFail(error: Error): void {
    this.#reject(error);
  }

  onSent(sent: number, total: number): void {
    this.#spec.onUpload?.(sent, total);
  }
}

/** Returns the settings of a new object; throws the errors that its members would. */
function planFor(spec: RequestSpec, options: RequestObjectOptions): Plan {
  const settings = new Settings(options);
  if (spec.timeouts) check('SetTimeouts', settings.setTimeouts(...spec.timeouts));
  if (spec.proxy) check('SetProxy', settings.setProxy(...spec.proxy));
  if (spec.autoLogonPolicy !== undefined)
    check('SetAutoLogonPolicy', settings.setAutoLogonPolicy(spec.autoLogonPolicy));
  for (const [option, value] of spec.options) {
    check('Option', settings.options.set(option, value));
    if (option === Option.SelectCertificate) settings.certificate = String(value);
  }
  const url = urlOf(spec, settings);
  settings.beginRequest();
  for (const credentials of spec.credentials) check('SetCredentials', settings.setCredentials(...credentials));
  if (spec.clientCertificate !== undefined) settings.certificate = spec.clientCertificate;
  return settings.plan(spec.method, url, headersOf(spec), spec.body);
}

function urlOf({ method, url }: RequestSpec, settings: Settings): RequestUrl {
  if (method !== '' && !isToken(method)) throw failureOf('Open', HResult.E_INVALIDARG);
  const parsed = parseUrl(url);
  if (typeof parsed === 'number') throw failureOf('Open', parsed);
  if (parsed.userName !== undefined && settings.options.flag(Option.RejectUserpwd)) {
    throw failureOf('Open', HResult.ERROR_WINHTTP_INVALID_URL, {
      detail: 'RejectUserpwd is set, and the URL names a user',
    });
  }
  return parsed;
}

function headersOf({ headers }: RequestSpec): RequestHeaders {
  const result = new RequestHeaders();
  for (const [name, value] of headers) {
    if (!isToken(name) || !isFieldValue(value)) throw invalidHeader(name);
    result.set(name, value);
  }
  return result;
}

function check(member: string, hresult: number): void {
  if (hresult !== 0) throw failureOf(member, hresult);
}
