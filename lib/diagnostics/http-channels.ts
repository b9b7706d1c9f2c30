/**
 * The channels `winwire:http:…` of node:diagnostics_channel and their messages: requests of `fetch`, `ProxyDispatcher` and
 * `ProxyAgent`. A request checks once whether a channel has subscribers. Credentials in URLs and headers are replaced by
 * `***`; bodies are published as they are.
 */
import { tracingChannel } from 'node:diagnostics_channel';
import { redactHeader, redactUrls } from './redact.ts';
import { typedChannel } from './typed-channel.ts';

/** Names as given or received, and values. */
export type HttpFields = readonly (readonly [name: string, value: string])[];

/**
 * The message of the TracingChannel `winwire:http:request`, which spans a request from its dispatch to the end of its
 * response. All its events share one object, whose fields are set as they become known. A redirect is a further request.
 */
export interface HttpTrace {
  /** `dispatcher` for `fetch` and `ProxyDispatcher`, `agent` for `ProxyAgent`. */
  readonly door: 'dispatcher' | 'agent';
  readonly method: string;
  readonly url: string;
  /** The headers set by the caller, without those that authenticate the request. */
  readonly headers: HttpFields;
  /** The following are set from `responseStart` on. */
  readonly status?: number;
  readonly statusText?: string;
  readonly responseHeaders?: HttpFields;
  /** Set in `error`, and in `asyncStart` and `asyncEnd` after a failure. */
  readonly error?: unknown;
}

/** `winwire:http:connected`: a connection was opened for the request. One on a reused connection publishes none. */
export interface HttpConnectedMessage {
  readonly trace: HttpTrace;
  /** The address of the server or the proxy. */
  readonly address: string | undefined;
  /** The proxy as `host:port`; undefined without one. */
  readonly proxy: string | undefined;
  /** Milliseconds for the whole connection, with TLS and the authentication at the proxy. */
  readonly connect: number;
}

/** `winwire:http:requestSent`: a part of the request body was given to the connection: upload progress. */
export interface HttpRequestSentMessage {
  readonly trace: HttpTrace;
  readonly chunk: Uint8Array;
  /** The bytes so far. It begins anew if the request is sent again with credentials. */
  readonly sent: number;
  /** The value of Content-Length or the size of the body, if known. */
  readonly total: number | undefined;
}

/** `winwire:http:responseStart`: the head of the response has arrived. */
export interface HttpResponseStartMessage {
  readonly trace: HttpTrace;
  readonly status: number;
  /** Empty if the response has none. */
  readonly contentType: string;
  /** The value of Content-Length, if known. */
  readonly length: number | undefined;
}

/** `winwire:http:responseData`: a part of the response body has arrived, still compressed: download progress. */
export interface HttpResponseDataMessage {
  readonly trace: HttpTrace;
  /** The same bytes that the caller gets. */
  readonly chunk: Uint8Array;
  /** The bytes so far. */
  readonly received: number;
}

/** `winwire:http:abort`: the caller aborted the request; its trace ends with an error. */
export interface HttpAbortMessage {
  readonly trace: HttpTrace;
  readonly reason: unknown;
}

const requests = tracingChannel<unknown, HttpTrace>('winwire:http:request');
const connected = typedChannel<HttpConnectedMessage>('winwire:http:connected');
const requestSent = typedChannel<HttpRequestSentMessage>('winwire:http:requestSent');
const responseStart = typedChannel<HttpResponseStartMessage>('winwire:http:responseStart');
const responseData = typedChannel<HttpResponseDataMessage>('winwire:http:responseData');
const abort = typedChannel<HttpAbortMessage>('winwire:http:abort');
const others = [connected, requestSent, responseStart, responseData, abort];

/** A request as its door knows it, with its secrets. */
export interface HttpRequestFacts {
  readonly url: string;
  readonly headers: HttpFields;
  readonly responseHeaders?: HttpFields;
}

const facts = new WeakMap<HttpTrace, HttpRequestFacts>();

/** Returns the request with its secrets, for HAR files that keep them. */
export const factsOf = (trace: HttpTrace): HttpRequestFacts => facts.get(trace) ?? trace;

/** What a door tells of a request at its start. */
export interface HttpRequestStart extends HttpRequestFacts {
  readonly door: HttpTrace['door'];
  readonly method: string;
  /** The size of the body in bytes, if known. */
  readonly total: number | undefined;
}

const redacted = (fields: HttpFields): HttpFields =>
  fields.map(([name, value]) => [name, redactHeader(name, value)] as const);

/** Returns the value of a field, whose name is given in lower case. */
export const fieldValue = (fields: HttpFields, wanted: string): string | undefined =>
  fields.find(([name]) => name.toLowerCase() === wanted)?.[1];

/** Returns the value of Content-Length, if there is a valid one. */
export function lengthOf(fields: HttpFields): number | undefined {
  const value = fieldValue(fields, 'content-length');
  return value !== undefined && /^\d+$/.test(value) ? Number(value) : undefined;
}

/** Publishes the events of one request. */
export class HttpTracer {
  readonly #trace: { -readonly [Key in keyof HttpTrace]: HttpTrace[Key] };
  #facts: HttpRequestFacts;
  #total: number | undefined;
  #sent = 0;
  #received = 0;
  #isEnded = false;

  /** Returns `undefined` if there are no subscribers. */
  static begin(describe: () => HttpRequestStart): HttpTracer | undefined {
    return HttpTracer.isWanted ? new HttpTracer(describe()) : undefined;
  }

  static get isWanted(): boolean {
    return requests.hasSubscribers || others.some((channel) => channel.hasSubscribers);
  }

  private constructor({ door, method, total, ...given }: HttpRequestStart) {
    this.#facts = given;
    this.#total = total ?? lengthOf(given.headers);
    this.#trace = { door, method, url: redactUrls(given.url), headers: redacted(given.headers) };
    facts.set(this.#trace, given);
  }

  /** Traces the start of a request that {@link end} ends. */
  start<T>(run: () => T): T {
    try {
      return requests.start.runStores(this.#trace, run);
    } finally {
      requests.end.publish(this.#trace);
    }
  }

  /** The headers may be set until the request is sent. */
  set headers(headers: HttpFields) {
    this.#facts = { ...this.#facts, headers };
    this.#total = lengthOf(headers) ?? this.#total;
    facts.set(this.#trace, this.#facts);
    this.#trace.headers = redacted(headers);
  }

  connected(connection: Omit<HttpConnectedMessage, 'trace'>): void {
    connected.publish({ trace: this.#trace, ...connection });
  }

  /** The request is sent from its start. */
  restart(): void {
    this.#sent = 0;
  }

  sent(chunk: Uint8Array): void {
    this.#sent += chunk.byteLength;
    requestSent.publish({ trace: this.#trace, chunk, sent: this.#sent, total: this.#total });
  }

  responseStarted(status: number, statusText: string, headers: HttpFields): void {
    facts.set(this.#trace, { ...this.#facts, responseHeaders: headers });
    Object.assign(this.#trace, { status, statusText, responseHeaders: redacted(headers) });
    const contentType = fieldValue(headers, 'content-type') ?? '';
    responseStart.publish({ trace: this.#trace, status, contentType, length: lengthOf(headers) });
  }

  data(chunk: Uint8Array): void {
    this.#received += chunk.byteLength;
    responseData.publish({ trace: this.#trace, chunk, received: this.#received });
  }

  abort(reason: unknown): void {
    if (!this.#isEnded) abort.publish({ trace: this.#trace, reason });
  }

  /** Later calls are ignored. */
  end(error?: Error): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    if (error) {
      this.#trace.error = error;
      requests.error.publish(this.#trace);
    }
    requests.asyncStart.publish(this.#trace);
    requests.asyncEnd.publish(this.#trace);
  }
}
