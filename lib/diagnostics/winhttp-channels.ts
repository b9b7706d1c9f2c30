/**
 * The channels `winwire:winhttp:…` of node:diagnostics_channel and their messages. A request checks once whether a
 * channel has subscribers. Messages contain secrets of the program; subscribers must protect them.
 */
import { tracingChannel } from 'node:diagnostics_channel';
import type { BackendName } from '../backend.ts';
import type { ConnectTimes } from '../winhttp/request-object.ts';
import { fieldsOf } from '../winhttp/response-headers.ts';
import { typedChannel } from './typed-channel.ts';

/**
 * The message of the TracingChannel `winwire:winhttp:request` (`tracing:winwire:winhttp:request:start`, `:end`,
 * `:asyncStart`, `:asyncEnd`, `:error`), which spans a request from its acceptance to the end of its response. All five
 * events share one object, whose fields are set as they become known. The messages of the other channels refer to it.
 */
export interface RequestTrace<Request = object, Response = { readonly body: Buffer }> {
  /** `undefined` for WinHttpRequest.request, which has no object. */
  readonly request: Request | undefined;
  readonly backend: BackendName;
  readonly method: string;
  readonly url: string;
  /** The headers set by the caller. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** `undefined` or `null` without a body. */
  readonly body: string | Uint8Array | undefined | null;
  /** Set from `responseStart` on. */
  readonly status?: number;
  /** The following are set when the response is complete. */
  readonly statusText?: string;
  /** Lines of `Name: value`, as GetAllResponseHeaders gives them. */
  readonly responseHeaders?: string;
  /** The final URL after redirects; `undefined` if the backend does not report it. */
  readonly responseUrl?: string | undefined;
  /** Of WinHttpRequest.request: set in `asyncStart` and `asyncEnd`. */
  readonly result?: Response;
  /** Set in `error`, and in `asyncStart` and `asyncEnd` after a failure. */
  readonly error?: unknown;
}

/**
 * `winwire:winhttp:connected`: a connection was opened for the request; `portable` only. A request on a reused
 * connection publishes none, a redirected one may publish several. Times are milliseconds.
 */
export interface ConnectedMessage<Trace = RequestTrace> {
  readonly trace: Trace;
  /** The address of the server or the proxy. */
  readonly address: string | undefined;
  /** The time of the name lookup; `undefined` if none was needed. */
  readonly lookup: number | undefined;
  /** The time for TCP, and for the tunnel through a proxy. */
  readonly connect: number;
  /** The time of the TLS handshake. */
  readonly tls: number | undefined;
}

/** `winwire:winhttp:requestSent`: a part of the request body was sent; `portable` only. */
export interface RequestSentMessage<Trace = RequestTrace> {
  readonly trace: Trace;
  /** The bytes sent so far, and the total. */
  readonly sent: number;
  readonly total: number;
}

/** `winwire:winhttp:responseStart`: the response head has arrived. Of WinHttpRequest.request on `portable` only. */
export interface ResponseStartMessage<Trace = RequestTrace> {
  readonly trace: Trace;
  readonly status: number;
  /** Empty if the response has none. */
  readonly contentType: string;
  /** The value of Content-Length, if known. */
  readonly length: number | undefined;
}

/**
 * `winwire:winhttp:responseData`: a part of the response body has arrived. Not published for WinHttpRequest.request.
 */
export interface ResponseDataMessage<Trace = RequestTrace> {
  readonly trace: Trace;
  /** The same bytes that the listeners get. */
  readonly chunk: Buffer;
}

/** `winwire:winhttp:abort`: `abort` or a signal cancelled a pending request; its trace ends with an error. */
export interface RequestAbortMessage<Trace = RequestTrace> {
  readonly trace: Trace;
  /** The signal's reason. */
  readonly reason: unknown;
}

const requests = tracingChannel<unknown, RequestTrace>('winwire:winhttp:request');
const connected = typedChannel<ConnectedMessage>('winwire:winhttp:connected');
const requestSent = typedChannel<RequestSentMessage>('winwire:winhttp:requestSent');
const responseStart = typedChannel<ResponseStartMessage>('winwire:winhttp:responseStart');
const responseData = typedChannel<ResponseDataMessage>('winwire:winhttp:responseData');
const abort = typedChannel<RequestAbortMessage>('winwire:winhttp:abort');
const others = [connected, requestSent, responseStart, responseData, abort];

/** Fields that are known when a response is complete. */
interface TracedHead {
  readonly status: number;
  readonly statusText: string;
  readonly headers: string;
  readonly url?: string | undefined;
}

/** Publishes the events of one request. */
export class RequestTracer {
  readonly #trace: { -readonly [Key in keyof RequestTrace]: RequestTrace[Key] };

  /** Returns `undefined` if there are no subscribers. */
  static begin(describe: () => RequestTrace): RequestTracer | undefined {
    if (!requests.hasSubscribers && !others.some((channel) => channel.hasSubscribers)) return undefined;
    return new RequestTracer(describe());
  }

  private constructor(trace: RequestTrace) {
    this.#trace = trace;
  }

  /** Whether the parts of the body have subscribers. */
  get wantsData(): boolean {
    return responseData.hasSubscribers;
  }

  /** Traces a request that ends when its promise settles. */
  span<T>(run: () => Promise<T>): Promise<T> {
    return requests.tracePromise(run, this.#trace);
  }

  /** Traces the start of a request that {@link end} ends. */
  start<T>(run: () => T): T {
    try {
      return requests.start.runStores(this.#trace, run);
    } finally {
      requests.end.publish(this.#trace);
    }
  }

  end(error: Error | undefined): void {
    if (error) {
      this.#trace.error = error;
      requests.error.publish(this.#trace);
    }
    requests.asyncStart.publish(this.#trace);
    requests.asyncEnd.publish(this.#trace);
  }

  connected(times: ConnectTimes): void {
    connected.publish({ trace: this.#trace, ...times });
  }

  sent(sent: number, total: number): void {
    requestSent.publish({ trace: this.#trace, sent, total });
  }

  started(status: number, contentType: string, length: number | undefined): void {
    this.#trace.status = status;
    responseStart.publish({ trace: this.#trace, status, contentType, length });
  }

  data(chunk: Buffer): void {
    responseData.publish({ trace: this.#trace, chunk });
  }

  complete({ status, statusText, headers, url }: TracedHead): void {
    Object.assign(this.#trace, { status, statusText, responseHeaders: fieldsOf(headers), responseUrl: url });
  }

  abort(reason: unknown): void {
    abort.publish({ trace: this.#trace, reason });
  }
}
