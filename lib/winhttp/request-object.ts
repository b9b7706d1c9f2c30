/**
 * The seam between `WinHttpRequest` and who does its work. A backend gives request objects whose members are those of
 * IWinHttpRequest, one to one, asynchronous and with plain values that are already checked; what happens to a request
 * is told to a sink. The classes of `request` know nothing of COM or sockets, and the backends nothing of promises to
 * users, signals or listeners.
 *
 * What a backend may rely on:
 * - One call at a time: the next comes when the promise of the last has settled. `abort`, `close`, `wantData`, `ref`
 *   and `unref` are the exceptions; they come at any time, and `abort` must get through while another call is blocked.
 * - `send` is called only in the states OPEN, DONE and FAILED, and never while a request is pending.
 * - All other state errors (0x80072F44, 0x80072F45, 0x80072F46, 0x8000000A) are the backend's to report.
 * - Strings that end up in a message contain no CR, LF or NUL. Numbers are 32-bit integers, signed or unsigned.
 *
 * Every failure is a `WinwireError` whose `syscall` is `IWinHttpRequest::` and the member's name in the IDL.
 */
import type { Readable } from 'node:stream';
import type { BackendName } from '../backend.ts';
import type { WinwireError } from '../errors.ts';

/** Named bounds, in bytes, of what is held for a request; `Infinity` turns one off. */
export interface WinHttpLimits {
  /** A response larger than this is kept in a temporary file. Default 16 MiB. */
  readonly responseMemory: number;
  /** The largest response that `responseBody` and `WinHttpRequest.request` return. Default 256 MiB. */
  readonly responseBody: number;
  /** The largest response, in bytes, that `responseText` decodes. Default 128 MiB. */
  readonly responseText: number;
  /** The largest body that is collected from a stream or an iterable before it is sent. Default 256 MiB. */
  readonly requestBody: number;
}

/** A certificate with its key, for {@link IWinHttpRequest.setClientCertificate}; only the portable engine takes it. */
export type ClientCertificate =
  | { readonly pfx: string | Uint8Array; readonly passphrase?: string }
  | { readonly cert: string | Uint8Array; readonly key: string | Uint8Array; readonly passphrase?: string };

/** The value of an option: BSTR, I4 or BOOL. */
export type OptionValue = string | number | boolean;

/**
 * The body of a request: `undefined` is a missing VARIANT, `null` VT_NULL, a string a BSTR, bytes a SAFEARRAY of UI1.
 * The bytes are the backend's own: nobody changes them afterwards.
 */
export type RequestBody = undefined | null | string | Uint8Array;

/** The `Async` VARIANT of Open: `undefined` and `null` stand for a missing one and VT_NULL. */
export type AsyncMode = undefined | null | boolean | number | string;

export interface RequestObjectOptions {
  readonly limits: WinHttpLimits;
  /** `portable` only: the proxy setting 0 means that of HTTP_PROXY, HTTPS_PROXY and NO_PROXY. */
  readonly environmentProxy: boolean;
  /** `system` only: an apartment of its own and COM's synchronous Send. */
  readonly nativeSync: boolean;
}

/** What it took to open a connection, in milliseconds; one that is used again took nothing. */
export interface ConnectTimes {
  /** The address that was connected to. */
  readonly address: string | undefined;
  /** Looking up the name; `undefined` where there was none to look up. */
  readonly lookup: number | undefined;
  /** TCP, and the tunnel through a proxy. */
  readonly connect: number;
  /** The TLS handshake. */
  readonly tls: number | undefined;
}

/**
 * Who is told what happens to a request. `generation` is the number given to `send`; what comes with an older number
 * is dropped. Nothing is told from within a call of the backend: `send` has returned its promise before.
 *
 * The order is responseStart, responseData (0..n), responseFinished; or, at any point before that, error. One of
 * responseFinished and error ends each accepted `send`, unless `abort`, `open` or `close` did.
 */
export interface RequestSink {
  /** `length` is the value of Content-Length, where there is one and the backend knows it. */
  responseStart(generation: number, status: number, contentType: string, length: number | undefined): void;
  /** A part of the body, not all of it up to here. The bytes are the receiver's to keep. */
  responseData(generation: number, chunk: Uint8Array): void;
  /** From now on all getters answer, `responseText` and `responseBody` included. `head` is what they say. */
  responseFinished(generation: number, head?: ResponseSummary): void;
  error(generation: number, error: WinwireError): void;
  /** A connection was opened for the request. Only the portable engine tells it. */
  connected(generation: number, times: ConnectTimes): void;
  /** How much of the request's body has gone out. Only the portable engine tells it. */
  requestProgress(generation: number, sent: number, total: number): void;
}

/** What a complete response says of itself, for those who watch. */
export type ResponseSummary = Omit<ResponseRecord, 'body'>;

/** One IWinHttpRequest. Order and meaning of the members: httprequest.idl. */
export interface RequestObject {
  readonly backend: BackendName;

  /** HTTPREQUEST_PROXY_SETTING; `undefined` is a missing VARIANT. */
  setProxy(setting: number, server: string | undefined, bypass: string | undefined): Promise<void>;
  /** `null` is a NULL BSTR. HTTPREQUEST_SETCREDENTIALS_FLAGS. */
  setCredentials(userName: string | null, password: string | null, target: number): Promise<void>;
  /** `null` is a NULL BSTR. A pending request is cancelled, silently. */
  open(method: string | null, url: string | null, mode: AsyncMode): Promise<void>;
  /** A value of `null` (a NULL BSTR) removes the header. */
  setRequestHeader(header: string | null, value: string | null): Promise<void>;
  getResponseHeader(header: string | null): Promise<string>;
  getAllResponseHeaders(): Promise<string>;
  /**
   * Settles when the request is accepted, or rejects when it is not; in both modes what becomes of it is told to the
   * sink only. In the state DONE it is accepted, goes nowhere (RQ-062, RQ-063) and is finished at once, without
   * responseStart and responseData.
   */
  send(body: RequestBody, generation: number): Promise<void>;
  status(): Promise<number>;
  statusText(): Promise<string>;
  /** `limit` in bytes; beyond it the call fails with ERROR_FILE_TOO_LARGE (0x800700DF). */
  responseText(limit: number): Promise<string>;
  /** As `responseText`; an empty body is zero bytes. The bytes are the caller's own. */
  responseBody(limit: number): Promise<Buffer>;
  /** A new stream over the whole body, from its first byte, that stays readable after abort and close. */
  responseStream(): Promise<Readable>;
  getOption(option: number): Promise<OptionValue>;
  setOption(option: number, value: OptionValue): Promise<void>;
  /** S_OK always. The pending request is cancelled, its connection closed; the sink is told nothing more of it. */
  abort(): Promise<void>;
  /** Milliseconds; 0 and -1 mean no limit. */
  setTimeouts(resolve: number, connect: number, send: number, receive: number): Promise<void>;
  /** A selection string for the certificate store, or (`portable`) the certificate itself. */
  setClientCertificate(certificate: string | null | ClientCertificate): Promise<void>;
  setAutoLogonPolicy(policy: number): Promise<void>;

  /** Whether somebody listens for the parts of the body; without it a backend need not copy them out. Off at first. */
  wantData(wanted: boolean): void;
  /** While referenced (as at first), a pending request keeps the process alive. */
  ref(): void;
  unref(): void;
  /** Cancels what is pending and gives everything back. The object is not used afterwards; a second call does nothing. */
  close(): Promise<void>;
}

/** Everything that one request needs, for {@link ExecuteRequest}; what is `undefined` is not set. */
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
  /** Parts of the response as they come: how much is in, and of how much (Content-Length), if that is known. */
  readonly onDownload: ((received: number, total: number | undefined) => void) | undefined;
  /** A connection was opened. Only the portable engine tells it. */
  readonly onConnected: ((times: ConnectTimes) => void) | undefined;
  /** The head of the response. Only the portable engine tells it. */
  readonly onHead: ((status: number, contentType: string, length: number | undefined) => void) | undefined;
  /** Parts of the body as they go out. Only the portable engine tells it. */
  readonly onUpload: ((sent: number, total: number) => void) | undefined;
}

/** The whole response of {@link ExecuteRequest}. */
export interface ResponseRecord {
  readonly status: number;
  readonly statusText: string;
  /** As GetAllResponseHeaders returns them, without a status line. */
  readonly headers: string;
  readonly body: Buffer;
  /** Where the response came from, after redirects; `undefined` where the backend cannot tell. */
  readonly url: string | undefined;
}

/** A request under way. After `abort` the promise may settle either way or never: nobody looks any more. */
export interface Execution {
  readonly response: Promise<ResponseRecord>;
  abort(): void;
}

/**
 * Makes a request object. Exported as `createPortableObject` by lib/winhttp/portable/portable-object.ts and as `createSystemObject` by
 * lib/winhttp/system/system-object.ts. Fails with `BackendUnavailableError` where the backend cannot serve.
 */
export type CreateRequestObject = (options: RequestObjectOptions, sink: RequestSink) => Promise<RequestObject>;

/**
 * Does a whole request (settings, options, Open, headers, credentials, certificate, Send, all getters) on an object of
 * its own, in one crossing. Exported as `executePortable` and `executeSystem` by the same files. A body larger than
 * `limits.responseBody` ends the request with ERROR_FILE_TOO_LARGE.
 */
export type ExecuteRequest = (spec: RequestSpec, options: RequestObjectOptions) => Execution;
