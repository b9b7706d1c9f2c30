/**
 * The channels `winwire:winhttp:…` of node:diagnostics_channel and their messages. A request checks once whether a channel
 * has subscribers. Messages hold what the program holds, secrets included: a subscriber is a part of the program.
 */
import { tracingChannel } from 'node:diagnostics_channel';
import type { BackendName } from '../backend.ts';
import type { ConnectTimes } from '../winhttp/request-object.ts';
import { fieldsOf } from '../winhttp/response-headers.ts';
import { typedChannel } from './typed-channel.ts';

/**
 * The message of the TracingChannel `winwire:winhttp:request` (`tracing:winwire:winhttp:request:start`, `:end`,
 * `:asyncStart`, `:asyncEnd`, `:error`), which spans a request from its acceptance to the end of its response: one object
 * for all five, filled as more is known. The messages of the other channels refer to it.
 */
export interface RequestTrace<Request = object, Response = { readonly body: Buffer }> {
  /** `undefined` for WinHttpRequest.request, which has no object. */
  readonly request: Request | undefined;
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
  readonly result?: Response;
  /** In `error`, and in `asyncStart` and `asyncEnd` of a failure. */
  readonly error?: unknown;
}

/**
 * `winwire:winhttp:connected`: a connection was opened for the request; `portable` only. A request that uses one again tells
 * nothing, one that is redirected may tell it several times. Times are milliseconds.
 */
export interface ConnectedMessage<Trace = RequestTrace> {
  readonly trace: Trace;
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
export interface RequestSentMessage<Trace = RequestTrace> {
  readonly trace: Trace;
  /** Bytes so far, and of how many. */
  readonly sent: number;
  readonly total: number;
}

/** `winwire:winhttp:responseStart`: the head of the response is in. Of WinHttpRequest.request on `portable` only. */
export interface ResponseStartMessage<Trace = RequestTrace> {
  readonly trace: Trace;
  readonly status: number;
  /** Empty where there is none. */
  readonly contentType: string;
  /** The value of Content-Length, where it is known. */
  readonly length: number | undefined;
}

/** `winwire:winhttp:responseData`: a part of the response's body. Not of WinHttpRequest.request. */
export interface ResponseDataMessage<Trace = RequestTrace> {
  readonly trace: Trace;
  /** The very bytes that the listeners get. */
  readonly chunk: Buffer;
}

/** `winwire:winhttp:abort`: a pending request was given up, by `abort` or by its signal; the trace ends with an error. */
export interface AbortMessage<Trace = RequestTrace> {
  readonly trace: Trace;
  /** The signal's. */
  readonly reason: unknown;
}

const requests = tracingChannel<unknown, RequestTrace>('winwire:winhttp:request');
const connected = typedChannel<ConnectedMessage>('winwire:winhttp:connected');
const requestSent = typedChannel<RequestSentMessage>('winwire:winhttp:requestSent');
const responseStart = typedChannel<ResponseStartMessage>('winwire:winhttp:responseStart');
const responseData = typedChannel<ResponseDataMessage>('winwire:winhttp:responseData');
const abort = typedChannel<AbortMessage>('winwire:winhttp:abort');
const others = [connected, requestSent, responseStart, responseData, abort];

/** What is known with the end of a response. */
interface TracedHead {
  readonly status: number;
  readonly statusText: string;
  readonly headers: string;
  readonly url?: string | undefined;
}

/** Tells of one request. */
export class RequestTracer {
  readonly #trace: { -readonly [Key in keyof RequestTrace]: RequestTrace[Key] };

  /** `undefined` if nobody subscribes. */
  static begin(describe: () => RequestTrace): RequestTracer | undefined {
    if (!requests.hasSubscribers && !others.some((channel) => channel.hasSubscribers)) return undefined;
    return new RequestTracer(describe());
  }

  private constructor(trace: RequestTrace) {
    this.#trace = trace;
  }

  /** Whether the parts of the body are wanted. */
  get wantsData(): boolean {
    return responseData.hasSubscribers;
  }

  /** The whole of a request whose promise tells its end. */
  span<T>(run: () => Promise<T>): Promise<T> {
    return requests.tracePromise(run, this.#trace);
  }

  /** The beginning of a request whose end is told by {@link end}. */
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
