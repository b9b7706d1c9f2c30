/** `WinHttpRequest.request`: a whole request with one native call. */

import { AsyncResource } from 'node:async_hooks';
import { Readable } from 'node:stream';
import { AbortError, onAbort, withSignal } from '../../abort-signal.ts';
import { type BackendName, chooseBackend } from '../../backend.ts';
import { callListener } from '../../call-listener.ts';
import { RequestTracer } from '../../diagnostics/winhttp-channels.ts';
import { illegalConstructor, invalidArgumentType } from '../../errors.ts';
import { validateBoolean, validateObject, validateSignal } from '../../options.ts';
import { decodeText } from '../charset.ts';
import type {
  ClientCertificate,
  FindProxies,
  RequestBody,
  RequestObjectOptions,
  RequestSpec,
  ResponseRecord,
  WinHttpLimits,
} from '../request-object.ts';
import { ResponseHeaders } from '../response-headers.ts';
import { requestAdvice, withAdvice } from './call-advice.ts';
import { loadBackend, loadedBackend, type RequestBackend } from './load-backend.ts';
import {
  normalizeProxy,
  parseOption,
  requestLimits,
  validateCertificate,
  validateLong,
  validateOptionValue,
  validateText,
} from './request-arguments.ts';
import { collectBody, normalizeBody } from './request-body.ts';
import { findProxiesBy, isProxyOption, proxySettingsFor } from './request-proxy.ts';
import type {
  AutoLogonPolicy,
  CredentialTarget,
  WinHttpBody,
  WinHttpProxy,
  WinHttpRequestOptions,
} from './winhttp-types.ts';

/** A user name and a password for {@link WinHttpRequestInit}. */
export interface WinHttpCredentials {
  readonly userName: string;
  readonly password: string;
  /** Default: the server. */
  readonly target?: CredentialTarget | undefined;
}

/** Options of {@link WinHttpRequest.request}; defaults are those of a new object. */
export interface WinHttpRequestInit {
  /** The backend that performs the request. Default: WINWIRE_BACKEND, else the platform's. */
  readonly backend?: BackendName | undefined;
  /** `true` uses the proxies of the environment (HTTP_PROXY, HTTPS_PROXY, NO_PROXY); `portable` only. Default `false`. */
  readonly environmentProxy?: boolean | undefined;
  /** Limits in bytes; see {@link WinHttpLimits}. */
  readonly limits?: Partial<WinHttpLimits> | undefined;
  /** Default `GET`, or `POST` with a body. */
  readonly method?: string | undefined;
  /** One field per name; the last one counts. */
  readonly headers?: Readonly<Record<string, string>> | Iterable<readonly [string, string]> | undefined;
  /** The request body; see {@link IWinHttpRequest.send}. */
  readonly body?: WinHttpBody;
  /** Cancels the request. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds, see {@link IWinHttpRequest.setTimeouts}. */
  readonly timeouts?:
    | { readonly resolve?: number; readonly connect?: number; readonly send?: number; readonly receive?: number }
    | undefined;
  /** See {@link IWinHttpRequest.setProxy} and {@link WinHttpRequestCreateOptions.proxy}. */
  readonly proxy?: WinHttpProxy | undefined;
  /** Credentials for the server or the proxy; see {@link IWinHttpRequest.setCredentials}. */
  readonly credentials?: WinHttpCredentials | readonly WinHttpCredentials[] | undefined;
  /** See {@link IWinHttpRequest.setClientCertificate}. */
  readonly clientCertificate?: string | ClientCertificate | undefined;
  /** See {@link IWinHttpRequest.setAutoLogonPolicy}. */
  readonly autoLogonPolicy?: AutoLogonPolicy | undefined;
  /** Values for {@link IWinHttpRequest.setOption}, by name. */
  readonly options?: Partial<Omit<WinHttpRequestOptions, 'URL'>> | undefined;
  /** Called with the bytes received so far, and the total if known. */
  readonly onDownloadProgress?: ((received: number, total: number | undefined) => void) | undefined;
  /** Called with the bytes of the body sent so far, and the total; `portable` only. */
  readonly onUploadProgress?: ((sent: number, total: number) => void) | undefined;
}

/** A complete response. */
export class WinHttpResponse {
  /** The HTTP status: `200`. */
  readonly status: number;
  /** The reason phrase: `OK`. */
  readonly statusText: string;
  readonly headers: ResponseHeaders;
  /** The body as received; it is not decompressed. */
  readonly body: Buffer;
  /** The final URL after redirects; `undefined` if the backend does not report it. */
  readonly url: string | undefined;

  /** @internal */
  constructor(record: ResponseRecord) {
    if (typeof record !== 'object') throw illegalConstructor('WinHttpResponse', 'WinHttpRequest.request(url)');
    const { status, statusText, headers, body, url } = record;
    this.status = status;
    this.statusText = statusText;
    this.headers = new ResponseHeaders(headers);
    this.body = body;
    this.url = url;
  }

  /**
   * Returns the body as text, decoded as {@link IWinHttpRequest.responseText}.
   *
   * @throws {WinwireError} ERROR_NO_UNICODE_TRANSLATION for bytes that are invalid in the charset.
   */
  text(): string {
    return decodeText(this.body, this.headers.getAll('Content-Type')[0] ?? '');
  }
}

const REQUEST_OPTIONS = {
  names: [
    'method',
    'headers',
    'body',
    'signal',
    'timeouts',
    'proxy',
    'credentials',
    'clientCertificate',
    'autoLogonPolicy',
    'options',
    'limits',
    'backend',
    'environmentProxy',
    'onDownloadProgress',
    'onUploadProgress',
  ] as const satisfies readonly (keyof WinHttpRequestInit)[],
  instead: {
    timeout: 'timeouts: { resolve, connect, send, receive }, or signal: AbortSignal.timeout(…)',
    data: 'body',
    json: 'body: JSON.stringify(…)',
    form: 'body: new URLSearchParams(…).toString()',
    auth: 'credentials: { userName, password }',
    username: 'credentials: { userName, password }',
    password: 'credentials: { userName, password }',
    redirect: 'options: { EnableRedirects }',
    maxRedirects: 'options: { MaxAutomaticRedirects }',
    rejectUnauthorized: 'options: { SslErrorIgnoreFlags }',
    userAgent: 'options: { UserAgentString }',
  },
};

const TIMEOUTS = {
  names: ['resolve', 'connect', 'send', 'receive'],
  example: '{ connect: milliseconds }',
};
const DEFAULT_TIMEOUTS = { resolve: 0, connect: 60_000, send: 30_000, receive: 30_000 };

/** See {@link WinHttpRequest.request}. */
export async function executeRequest(url: string | URL, given: WinHttpRequestInit = {}): Promise<WinHttpResponse> {
  const init: WinHttpRequestInit = validateObject(given, 'init', REQUEST_OPTIONS);
  const name = chooseBackend(init.backend);
  const settings: RequestObjectOptions = {
    limits: requestLimits(init.limits),
    environmentProxy: validateBoolean(init.environmentProxy, 'environmentProxy'),
    nativeSync: false,
  };
  const signal = validateSignal(init.signal);
  const body = normalizeBody(init.body);
  const spec = normalizeInit(url, init, body instanceof Readable ? undefined : body);
  if (signal?.aborted) throw new AbortError(signal.reason);
  const findProxies = isProxyOption(init.proxy) ? await findProxiesBy(init.proxy, name) : undefined;
  const options = findProxies ? { ...settings, findProxies } : settings;
  const backend = loadedBackend(name) ?? (await loadBackend(name));
  const routed = findProxies && name === 'system' ? await withProxy(spec, findProxies, signal) : spec;
  const complete = body instanceof Readable ? { ...routed, body: await collectUntil(body, options, signal) } : routed;
  const tracer = RequestTracer.begin(() => {
    const { method, url, headers, body } = complete;
    return { request: undefined, backend: name, method, url, headers, body };
  });
  try {
    if (tracer) return await tracer.span(() => runTraced(tracer, backend, complete, options, signal));
    return new WinHttpResponse(await run(backend, complete, options, signal));
  } catch (error) {
    throw withAdvice(error, requestAdvice(complete));
  }
}

/** The system's object is given its proxy before it sends. */
async function withProxy(
  spec: RequestSpec,
  find: FindProxies,
  signal: AbortSignal = new AbortController().signal,
): Promise<RequestSpec> {
  const { proxy, credentials } = await withSignal(proxySettingsFor(find, spec.url, signal), signal);
  return { ...spec, proxy, credentials: [...spec.credentials, ...credentials] };
}

async function runTraced(
  tracer: RequestTracer,
  backend: RequestBackend,
  spec: RequestSpec,
  options: RequestObjectOptions,
  signal: AbortSignal | undefined,
): Promise<WinHttpResponse> {
  const onConnected: RequestSpec['onConnected'] = (times) => tracer.connected(times);
  const onHead: RequestSpec['onHead'] = (status, contentType, length) => tracer.started(status, contentType, length);
  const onUpload: RequestSpec['onUpload'] = (sent, total) => {
    tracer.sent(sent, total);
    spec.onUpload?.(sent, total);
  };
  const stop = signal && onAbort(signal, () => tracer.abort(signal.reason));
  try {
    const record = await run(backend, { ...spec, onConnected, onHead, onUpload }, options, signal);
    tracer.complete(record);
    return new WinHttpResponse(record);
  } finally {
    stop?.();
  }
}

function run(
  backend: RequestBackend,
  spec: RequestSpec,
  options: RequestObjectOptions,
  signal: AbortSignal | undefined,
): Promise<ResponseRecord> {
  if (signal?.aborted) throw new AbortError(signal.reason);
  const execution = backend.execute(spec, options);
  if (!signal) return execution.response;
  return new Promise((resolve, reject) => {
    const stop = onAbort(signal, () => {
      execution.abort();
      reject(new AbortError(signal.reason));
    });
    execution.response.then(resolve, reject).finally(stop);
  });
}

async function collectUntil(
  source: Readable,
  { limits }: RequestObjectOptions,
  signal: AbortSignal | undefined,
): Promise<Buffer> {
  const stop = signal && onAbort(signal, () => source.destroy());
  try {
    return await collectBody(source, limits.requestBody);
  } catch (error) {
    if (signal?.aborted) throw new AbortError(signal.reason);
    throw error;
  } finally {
    stop?.();
  }
}

function normalizeInit(url: string | URL, init: WinHttpRequestInit, body: RequestBody): RequestSpec {
  const { method, headers, timeouts, proxy, credentials, clientCertificate, autoLogonPolicy, options } = init;
  return {
    method:
      method === undefined
        ? init.body === undefined || init.body === null
          ? 'GET'
          : 'POST'
        : validateText(method, 'method'),
    url: validateText(url instanceof URL ? url.href : url, 'url'),
    headers: headers === undefined ? NONE : normalizeHeaders(headers),
    body,
    timeouts: timeouts === undefined ? undefined : normalizeTimeouts(timeouts),
    proxy: proxy === undefined || isProxyOption(proxy) ? undefined : normalizeProxy(proxy),
    credentials: credentials === undefined ? NONE : normalizeCredentials(credentials),
    clientCertificate:
      clientCertificate === undefined ? undefined : (validateCertificate(clientCertificate) ?? undefined),
    autoLogonPolicy: autoLogonPolicy === undefined ? undefined : validateLong(autoLogonPolicy, 'autoLogonPolicy'),
    options: options === undefined ? NONE : normalizeOptions(options),
    onDownload: bindCallback(init.onDownloadProgress, 'onDownloadProgress'),
    onConnected: undefined,
    onHead: undefined,
    onUpload: bindCallback(init.onUploadProgress, 'onUploadProgress'),
  };
}

const NONE: readonly never[] = [];

function normalizeHeaders(headers: WinHttpRequestInit['headers']): RequestSpec['headers'] {
  if (typeof headers !== 'object' || headers === null) throw invalidArgumentType('headers', 'an object', headers);
  const list = Symbol.iterator in headers ? [...headers] : Object.entries(headers);
  return list.map((header) => {
    if (!Array.isArray(header)) throw invalidArgumentType('headers', 'a list of pairs', header);
    const name = validateText(header[0], 'headers');
    return [name, validateText(header[1], `headers.${name}`)] as const;
  });
}

function normalizeTimeouts(timeouts: unknown): NonNullable<RequestSpec['timeouts']> {
  const { resolve, connect, send, receive } = {
    ...DEFAULT_TIMEOUTS,
    ...defined(validateObject(timeouts, 'timeouts', TIMEOUTS)),
  };
  return [
    validateLong(resolve, 'timeouts.resolve'),
    validateLong(connect, 'timeouts.connect'),
    validateLong(send, 'timeouts.send'),
    validateLong(receive, 'timeouts.receive'),
  ];
}

function defined(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

const CREDENTIALS = {
  example: '{ userName, password }',
  names: ['userName', 'password', 'target'],
  instead: { username: 'userName', user: 'userName' },
};

function normalizeCredentials(credentials: unknown): RequestSpec['credentials'] {
  const list = Array.isArray(credentials) ? credentials : [credentials];
  return list.map((entry) => {
    const { userName, password, target } = validateObject(entry, 'credentials', CREDENTIALS);
    const flags = target === undefined ? 0 : validateLong(target, 'credentials.target');
    return [
      validateText(userName, 'credentials.userName'),
      validateText(password, 'credentials.password'),
      flags,
    ] as const;
  });
}

function normalizeOptions(options: unknown): RequestSpec['options'] {
  const entries = Object.entries(defined(validateObject(options, 'options')));
  return entries.map(([name, value]) => [parseOption(name), validateOptionValue(value)] as const);
}

/** Runs a callback in the caller's async context. */
function bindCallback<Values extends unknown[]>(
  value: ((...values: Values) => void) | undefined,
  name: string,
): ((...values: Values) => void) | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'function') throw invalidArgumentType(name, 'a function', value);
  const call = (...values: Values) => callListener(() => value(...values));
  return AsyncResource.bind(call as () => void, 'winwire.WinHttpRequest') as typeof call;
}
