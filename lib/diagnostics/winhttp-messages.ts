/**
 * What the channels `winwire:winhttp:…` of node:diagnostics_channel tell. Messages hold what the program holds, secrets
 * included: a subscriber is a part of the program.
 */
import type { BackendName } from '../backend.ts';
import type { WinHttpResponse } from '../winhttp/request/static-request.ts';
import type { WinHttpRequest } from '../winhttp/request/winhttp-request.ts';

/**
 * The message of the TracingChannel `winwire:winhttp:request` (`tracing:winwire:winhttp:request:start`, `:end`,
 * `:asyncStart`, `:asyncEnd`, `:error`), which spans a request from its acceptance to the end of its response: one object
 * for all five, filled as more is known. The messages of the other channels refer to it.
 */
export interface WinHttpRequestTrace {
  /** `undefined` for WinHttpRequest.request, which has no object. */
  readonly request: WinHttpRequest | undefined;
  readonly backend: BackendName;
  readonly method: string;
  readonly url: string;
  /** Those that the caller has set. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** `undefined` and `null`: none. */
  readonly body: string | Uint8Array | undefined | null;
  /** From `responseStart` on. */
  readonly status?: number;
  /** These when the response is complete. */
  readonly statusText?: string;
  /** Lines of `Name: value`, as GetAllResponseHeaders gives them. */
  readonly responseHeaders?: string;
  /** Where the response came from, after redirects; `undefined` where the backend does not tell. */
  readonly responseUrl?: string | undefined;
  /** Of WinHttpRequest.request, in `asyncStart` and `asyncEnd`. */
  readonly result?: WinHttpResponse;
  /** In `error`, and in `asyncStart` and `asyncEnd` of a failure. */
  readonly error?: unknown;
}

/**
 * `winwire:winhttp:connected`: a connection was opened for the request; `portable` only. A request that uses one again tells
 * nothing, one that is redirected may tell it several times. Times are milliseconds.
 */
export interface WinHttpConnectedMessage {
  readonly trace: WinHttpRequestTrace;
  /** The address that was connected to: the server's, or the proxy's. */
  readonly address: string | undefined;
  /** Looking up the name; `undefined` where there was none to look up. */
  readonly lookup: number | undefined;
  /** TCP, and the tunnel through a proxy. */
  readonly connect: number;
  /** The TLS handshake. */
  readonly tls: number | undefined;
}

/** `winwire:winhttp:requestSent`: a part of the request's body has gone out, or all of it; `portable` only. */
export interface WinHttpRequestSentMessage {
  readonly trace: WinHttpRequestTrace;
  /** Bytes so far, and of how many. */
  readonly sent: number;
  readonly total: number;
}

/** `winwire:winhttp:responseStart`: the head of the response is in. Of WinHttpRequest.request on `portable` only. */
export interface WinHttpResponseStartMessage {
  readonly trace: WinHttpRequestTrace;
  readonly status: number;
  /** Empty where there is none. */
  readonly contentType: string;
  /** The value of Content-Length, where it is known. */
  readonly length: number | undefined;
}

/** `winwire:winhttp:responseData`: a part of the response's body. Not of WinHttpRequest.request. */
export interface WinHttpResponseDataMessage {
  readonly trace: WinHttpRequestTrace;
  /** The very bytes that the listeners get. */
  readonly chunk: Buffer;
}

/** `winwire:winhttp:abort`: a pending request was given up, by `abort` or by its signal; the trace ends with an error. */
export interface WinHttpAbortMessage {
  readonly trace: WinHttpRequestTrace;
  /** The signal's. */
  readonly reason: unknown;
}
