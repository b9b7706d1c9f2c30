/**
 * The interface between `WinHttpRequest` and its backends. A backend provides request objects whose members are those
 * of IWinHttpRequest, asynchronous and with validated plain values, and reports events to a sink. The classes of
 * `request` do not depend on COM or sockets, the backends not on signals or listeners.
 *
 * A backend may rely on:
 * - One call at a time: the next starts after the promise of the last has settled. Exceptions are `abort`, `close`,
 *   `wantData`, `ref` and `unref`, which may be called at any time; `abort` must work while another call is blocked.
 * - `send` is called only in the states OPEN, DONE and FAILED, and never while a request is pending.
 * - The backend reports all other state errors (0x80072F44, 0x80072F45, 0x80072F46, 0x8000000A).
 * - Strings that become part of a message contain no CR, LF or NUL. Numbers are 32-bit integers, signed or unsigned.
 *
 * Every failure is a `WinwireError` whose `syscall` is `IWinHttpRequest::` and the member's name in the IDL.
 */
import type { Readable } from 'node:stream';
import type { BackendName } from '../backend.ts';
import type { WinwireError } from '../errors.ts';

/** Limits for the memory of a request, in bytes; `Infinity` disables a limit. */
export interface WinHttpLimits {
  /** A larger response is stored in a temporary file. Default 16 MiB. */
  readonly responseMemory: number;
  /** Maximum response that `responseBody` and `WinHttpRequest.request` return. Default 256 MiB. */
  readonly responseBody: number;
  /** Maximum response that `responseText` decodes. Default 128 MiB. */
  readonly responseText: number;
  /** Maximum body that is collected from a stream or an iterable before it is sent. Default 256 MiB. */
  readonly requestBody: number;
}

/** A certificate with its key, for {@link IWinHttpRequest.setClientCertificate}; `portable` only. */
export type ClientCertificate =
  | { readonly pfx: string | Uint8Array; readonly passphrase?: string }
  | { readonly cert: string | Uint8Array; readonly key: string | Uint8Array; readonly passphrase?: string };

/** The value of an option: BSTR, I4 or BOOL. */
export type OptionValue = string | number | boolean;

/**
 * The body of a request: `undefined` is a missing VARIANT, `null` VT_NULL, a string a BSTR, bytes a SAFEARRAY of UI1.
 * The backend owns the bytes; they do not change.
 */
export type RequestBody = undefined | null | string | Uint8Array;

/** The `Async` VARIANT of Open: `undefined` is a missing one, `null` VT_NULL. */
export type AsyncMode = undefined | null | boolean | number | string;

/** A proxy that is spoken to by http:. */
export interface ProxyServer {
  readonly host: string;
  readonly port: number;
  readonly userName: string | undefined;
  readonly password: string;
  /** The route of `lib/proxy`, whose private data say who named it. */
  readonly route?: object;
}

/** One way to the server of a URL. */
export interface ProxyCandidate {
  /** `undefined`: directly. */
  readonly server: ProxyServer | undefined;
  /** No connection could be made; later look-ups name it last. */
  reportFailure(): void;
}

/** Finds the proxies of a URL, in the order to try them; at least one. */
export type FindProxies = (url: string, signal: AbortSignal) => Promise<readonly ProxyCandidate[]>;

export interface RequestObjectOptions {
  readonly limits: WinHttpLimits;
  /** `portable` only: the proxy setting 0 uses HTTP_PROXY, HTTPS_PROXY and NO_PROXY. */
  readonly environmentProxy: boolean;
  /** The proxy setting 0 uses what this finds. */
  readonly findProxies?: FindProxies | undefined;
  /** `system` only: a separate apartment and COM's synchronous Send. */
  readonly nativeSync: boolean;
}

/** The times of opening a connection, in milliseconds. */
export interface ConnectTimes {
  /** The address of the peer. */
  readonly address: string | undefined;
  /** The time of the name lookup; `undefined` if none was needed. */
  readonly lookup: number | undefined;
  /** The time for TCP, and for the tunnel through a proxy. */
  readonly connect: number;
  /** The time of the TLS handshake. */
  readonly tls: number | undefined;
}

/**
 * Receives the events of a request. `generation` is the number passed to `send`; events with an older number are
 * ignored. A backend never reports events synchronously: `send` has returned its promise before.
 *
 * The order is responseStart, responseData (0..n), responseFinished; or error at any point before. Either
 * responseFinished or error ends each accepted `send`, unless `abort`, `open` or `close` did.
 */
export interface RequestSink {
  /** `length` is the value of Content-Length, if known. */
  responseStart(generation: number, status: number, contentType: string, length: number | undefined): void;
  /** A part of the body; the receiver may keep the bytes. */
  responseData(generation: number, chunk: Uint8Array): void;
  /** All getters now have values, including `responseText` and `responseBody`. `head` contains some of them. */
  responseFinished(generation: number, head?: ResponseSummary): void;
  error(generation: number, error: WinwireError): void;
  /** A connection was opened for the request; `portable` only. */
  connected(generation: number, times: ConnectTimes): void;
  /** A part of the request body was sent; `portable` only. */
  requestProgress(generation: number, sent: number, total: number): void;
}

/** The head of a complete response, for diagnostics. */
export type ResponseSummary = Omit<ResponseRecord, 'body'>;

/** One IWinHttpRequest. For order and meaning of the members see httprequest.idl. */
export interface RequestObject {
  readonly backend: BackendName;

  /** HTTPREQUEST_PROXY_SETTING; `undefined` is a missing VARIANT. */
  setProxy(setting: number, server: string | undefined, bypass: string | undefined): Promise<void>;
  /** `null` is a NULL BSTR. `target` is one of HTTPREQUEST_SETCREDENTIALS_FLAGS. */
  setCredentials(userName: string | null, password: string | null, target: number): Promise<void>;
  /** `null` is a NULL BSTR. Cancels a pending request without an event. */
  open(method: string | null, url: string | null, mode: AsyncMode): Promise<void>;
  /** A value of `null` (a NULL BSTR) removes the header. */
  setRequestHeader(header: string | null, value: string | null): Promise<void>;
  getResponseHeader(header: string | null): Promise<string>;
  getAllResponseHeaders(): Promise<string>;
  /**
   * Settles when the request is accepted or rejected; its outcome is reported to the sink, in both modes. In the state
   * DONE the request is accepted, not sent (RQ-062, RQ-063) and finished at once, without responseStart and
   * responseData.
   */
  send(body: RequestBody, generation: number): Promise<void>;
  status(): Promise<number>;
  statusText(): Promise<string>;
  /** Fails with ERROR_FILE_TOO_LARGE (0x800700DF) for more than `limit` bytes. */
  responseText(limit: number): Promise<string>;
  /** As `responseText`; an empty body is a Buffer of length 0. The caller owns the bytes. */
  responseBody(limit: number): Promise<Buffer>;
  /** Returns a new stream over the whole body, which stays readable after abort and close. */
  responseStream(): Promise<Readable>;
  getOption(option: number): Promise<OptionValue>;
  setOption(option: number, value: OptionValue): Promise<void>;
  /** Always S_OK. Cancels the pending request and closes its connection; there are no further events. */
  abort(): Promise<void>;
  /** Milliseconds; 0 and -1 mean no limit. */
  setTimeouts(resolve: number, connect: number, send: number, receive: number): Promise<void>;
  /** A selection string for the certificate store, or (`portable`) a certificate. */
  setClientCertificate(certificate: string | null | ClientCertificate): Promise<void>;
  setAutoLogonPolicy(policy: number): Promise<void>;

  /** Whether there are listeners for the parts of the body; otherwise a backend need not copy them. Default false. */
  wantData(wanted: boolean): void;
  /** While referenced (the default), a pending request keeps the process alive. */
  ref(): void;
  unref(): void;
  /**
   * Cancels the pending request and releases all resources. The object is not used afterwards; a second call has no
   * effect.
   */
  close(): Promise<void>;
}

/** The settings of one request for {@link ExecuteRequest}; `undefined` means not set. */
export interface RequestSpec {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: RequestBody;
  readonly timeouts: readonly [resolve: number, connect: number, send: number, receive: number] | undefined;
  readonly proxy: readonly [setting: number, server: string | undefined, bypass: string | undefined] | undefined;
  readonly credentials: readonly (readonly [userName: string, password: string, target: number])[];
  readonly clientCertificate: string | ClientCertificate | undefined;
  readonly autoLogonPolicy: number | undefined;
  readonly options: readonly (readonly [option: number, value: OptionValue])[];
  /** A part of the response has arrived: the bytes so far, and the total (Content-Length), if known. */
  readonly onDownload: ((received: number, total: number | undefined) => void) | undefined;
  /** A connection was opened; `portable` only. */
  readonly onConnected: ((times: ConnectTimes) => void) | undefined;
  /** The response head has arrived; `portable` only. */
  readonly onHead: ((status: number, contentType: string, length: number | undefined) => void) | undefined;
  /** A part of the body was sent; `portable` only. */
  readonly onUpload: ((sent: number, total: number) => void) | undefined;
}

/** The whole response of {@link ExecuteRequest}. */
export interface ResponseRecord {
  readonly status: number;
  readonly statusText: string;
  /** As GetAllResponseHeaders returns them, without a status line. */
  readonly headers: string;
  readonly body: Buffer;
  /** The final URL after redirects; `undefined` if the backend does not know it. */
  readonly url: string | undefined;
}

/** A pending request. After `abort` the promise may settle in either way or never. */
export interface Execution {
  readonly response: Promise<ResponseRecord>;
  abort(): void;
}

/**
 * Creates a request object. Exported as `createPortableObject` by lib/winhttp/portable/portable-object.ts and as
 * `createSystemObject` by lib/winhttp/system/system-object.ts. Fails with `BackendUnavailableError` if the backend is
 * not available.
 */
export type CreateRequestObject = (options: RequestObjectOptions, sink: RequestSink) => Promise<RequestObject>;

/**
 * Performs a whole request (settings, options, Open, headers, credentials, certificate, Send, all getters) with one
 * native call. Exported as `executePortable` and `executeSystem` by the same files. A body larger than
 * `limits.responseBody` ends the request with ERROR_FILE_TOO_LARGE.
 */
export type ExecuteRequest = (spec: RequestSpec, options: RequestObjectOptions) => Execution;
