/** `WinHttpRequest.request`: a whole request in one crossing. */

import { AsyncResource } from 'node:async_hooks';
import { Readable } from 'node:stream';
import { AbortError, onAbort } from '../../abort-signal.ts';
import { type BackendName, chooseBackend } from '../../backend.ts';
import { RequestTracer } from '../../diagnostics/winhttp-channels.ts';
import { invalidArgumentType } from '../../errors.ts';
import { validateBoolean, validateObject, validateSignal } from '../../options.ts';
import { decodeText } from '../charset.ts';
import type {
  ClientCertificate,
  RequestBody,
  RequestObjectOptions,
  RequestSpec,
  ResponseRecord,
  WinHttpLimits,
} from '../request-object.ts';
import { ResponseHeaders } from '../response-headers.ts';
import { callListener } from './listener.ts';
import { loadBackend, loadedBackend, type RequestBackend } from './load-backend.ts';
import {
  readCertificate,
  readLong,
  readOption,
  readOptionValue,
  readText,
  requestLimits,
} from './request-arguments.ts';
import { collect, readBody } from './request-body.ts';
import type {
  AutoLogonPolicy,
  CredentialTarget,
  ProxySetting,
  WinHttpBody,
  WinHttpRequestOptions,
} from './winhttp-types.ts';

/** A user name and a password for {@link WinHttpRequestInit}. */
export interface WinHttpCredentials {
  readonly userName: string;
  readonly password: string;
  /** The server, if it is not said. */
  readonly target?: CredentialTarget | undefined;
}

/** What {@link WinHttpRequest.request} can be told; what is left out is as on a new object. */
export interface WinHttpRequestInit {
  readonly backend?: BackendName | undefined;
  readonly environmentProxy?: boolean | undefined;
  readonly limits?: Partial<WinHttpLimits> | undefined;
  /** `GET`, or `POST` if there is a body. */
  readonly method?: string | undefined;
  /** One field for each name: the last one counts. */
  readonly headers?: Readonly<Record<string, string>> | Iterable<readonly [string, string]> | undefined;
  readonly body?: WinHttpBody;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds, see {@link IWinHttpRequest.setTimeouts}. */
  readonly timeouts?:
    | { readonly resolve?: number; readonly connect?: number; readonly send?: number; readonly receive?: number }
    | undefined;
  /** See {@link IWinHttpRequest.setProxy}; the setting is PROXY, if there is a server. */
  readonly proxy?:
    | {
        readonly setting?: ProxySetting | undefined;
        readonly server?: string | undefined;
        readonly bypass?: string | undefined;
      }
    | undefined;
  readonly credentials?: WinHttpCredentials | readonly WinHttpCredentials[] | undefined;
  readonly clientCertificate?: string | ClientCertificate | undefined;
  readonly autoLogonPolicy?: AutoLogonPolicy | undefined;
  readonly options?: Partial<Omit<WinHttpRequestOptions, 'URL'>> | undefined;
  /** Bytes of the response so far, and how many there will be, where that is known. */
  readonly onDownloadProgress?: ((received: number, total: number | undefined) => void) | undefined;
  /** Bytes of the body so far, of how many; `portable` only. */
  readonly onUploadProgress?: ((sent: number, total: number) => void) | undefined;
}

/** A complete response. */
export class WinHttpResponse {
  readonly status: number;
  readonly statusText: string;
  readonly headers: ResponseHeaders;
  /** The body as it came: nothing is decompressed. */
  readonly body: Buffer;
  /** Where the response came from, after redirects. */
  readonly url: string | undefined;

  /** @internal */
  constructor({ status, statusText, headers, body, url }: ResponseRecord) {
    this.status = status;
    this.statusText = statusText;
    this.headers = new ResponseHeaders(headers);
    this.body = body;
    this.url = url;
  }

  /**
   * The body as text, decoded as by {@link IWinHttpRequest.responseText}.
   *
   * @throws {WinwireError} ERROR_NO_UNICODE_TRANSLATION for bytes that are no such text.
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

const DEFAULT_TIMEOUTS = { resolve: 0, connect: 60_000, send: 30_000, receive: 30_000 };

/** See {@link WinHttpRequest.request}. */
export async function executeRequest(url: string | URL, given: WinHttpRequestInit = {}): Promise<WinHttpResponse> {
  const init: WinHttpRequestInit = validateObject(given, 'init', REQUEST_OPTIONS);
  const name = chooseBackend(init.backend);
  const options: RequestObjectOptions = {
    limits: requestLimits(init.limits),
    environmentProxy: validateBoolean(init.environmentProxy, 'environmentProxy'),
    nativeSync: false,
  };
  const signal = validateSignal(init.signal);
  const body = readBody(init.body);
  const spec = readSpec(url, init, body instanceof Readable ? undefined : body);
  if (signal?.aborted) throw new AbortError(signal.reason);
  const backend = loadedBackend(name) ?? (await loadBackend(name));
  const complete = body instanceof Readable ? { ...spec, body: await collectUntil(body, options, signal) } : spec;
  const tracer = RequestTracer.begin(() => {
    const { method, url, headers, body } = complete;
    return { request: undefined, backend: name, method, url, headers, body };
  });
  if (tracer) return tracer.span(() => runTraced(tracer, backend, complete, options, signal));
  return new WinHttpResponse(await run(backend, complete, options, signal));
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
    return await collect(source, limits.requestBody);
  } catch (error) {
    if (signal?.aborted) throw new AbortError(signal.reason);
    throw error;
  } finally {
    stop?.();
  }
}

function readSpec(url: string | URL, init: WinHttpRequestInit, body: RequestBody): RequestSpec {
  const { method, headers, timeouts, proxy, credentials, clientCertificate, autoLogonPolicy, options } = init;
  return {
    method:
      method === undefined
        ? init.body === undefined || init.body === null
          ? 'GET'
          : 'POST'
        : readText(method, 'method'),
    url: readText(url instanceof URL ? url.href : url, 'url'),
    headers: headers === undefined ? NONE : readHeaders(headers),
    body,
    timeouts: timeouts === undefined ? undefined : readTimeouts(timeouts),
    proxy: proxy === undefined ? undefined : readProxy(proxy),
    credentials: credentials === undefined ? NONE : readCredentials(credentials),
    clientCertificate: clientCertificate === undefined ? undefined : (readCertificate(clientCertificate) ?? undefined),
    autoLogonPolicy: autoLogonPolicy === undefined ? undefined : readLong(autoLogonPolicy, 'autoLogonPolicy'),
    options: options === undefined ? NONE : readOptions(options),
    onDownload: readCallback(init.onDownloadProgress, 'onDownloadProgress'),
    onConnected: undefined,
    onHead: undefined,
    onUpload: readCallback(init.onUploadProgress, 'onUploadProgress'),
  };
}

const NONE: readonly never[] = [];

function readHeaders(headers: WinHttpRequestInit['headers']): RequestSpec['headers'] {
  if (typeof headers !== 'object' || headers === null) throw invalidArgumentType('headers', 'an object', headers);
  const list = Symbol.iterator in headers ? [...headers] : Object.entries(headers);
  return list.map((header) => {
    if (!Array.isArray(header)) throw invalidArgumentType('headers', 'a list of pairs', header);
    const name = readText(header[0], 'headers');
    return [name, readText(header[1], `headers.${name}`)] as const;
  });
}

function readTimeouts(timeouts: unknown): NonNullable<RequestSpec['timeouts']> {
  const { resolve, connect, send, receive } = {
    ...DEFAULT_TIMEOUTS,
    ...defined(validateObject(timeouts, 'timeouts', { names: Object.keys(DEFAULT_TIMEOUTS) })),
  };
  return [
    readLong(resolve, 'timeouts.resolve'),
    readLong(connect, 'timeouts.connect'),
    readLong(send, 'timeouts.send'),
    readLong(receive, 'timeouts.receive'),
  ];
}

function defined(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

function readProxy(proxy: unknown): NonNullable<RequestSpec['proxy']> {
  const { setting, server, bypass } = validateObject(proxy, 'proxy', { names: ['setting', 'server', 'bypass'] });
  const named = server === undefined ? undefined : readText(server, 'proxy.server');
  const number = setting === undefined ? (named === undefined ? 0 : 2) : readLong(setting, 'proxy.setting');
  return [number, named, bypass === undefined ? undefined : readText(bypass, 'proxy.bypass')];
}

const CREDENTIALS = { names: ['userName', 'password', 'target'], instead: { username: 'userName', user: 'userName' } };

function readCredentials(credentials: unknown): RequestSpec['credentials'] {
  const list = Array.isArray(credentials) ? credentials : [credentials];
  return list.map((entry) => {
    const { userName, password, target } = validateObject(entry, 'credentials', CREDENTIALS);
    const flags = target === undefined ? 0 : readLong(target, 'credentials.target');
    return [readText(userName, 'credentials.userName'), readText(password, 'credentials.password'), flags] as const;
  });
}

function readOptions(options: unknown): RequestSpec['options'] {
  const entries = Object.entries(defined(validateObject(options, 'options')));
  return entries.map(([name, value]) => [readOption(name), readOptionValue(value)] as const);
}

/** What brings progress has another async context than the caller. */
function readCallback<Values extends unknown[]>(
  value: ((...values: Values) => void) | undefined,
  name: string,
): ((...values: Values) => void) | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'function') throw invalidArgumentType(name, 'a function', value);
  const call = (...values: Values) => callListener(() => value(...values));
  return AsyncResource.bind(call as () => void, 'winwire.WinHttpRequest') as typeof call;
}
