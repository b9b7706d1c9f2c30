/**
 * The types of ProxyDispatcher's methods, such that it is a Dispatcher of undici 6, 7 and 8. They are undici's, without
 * its declarations: those of one version do not fit another.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { Duplex, Readable, Writable } from 'node:stream';

/** Headers: an object, a list of names and values in turn, or an iterable of pairs. */
export type DispatchHeaders = object | null | undefined;

/** Options of `dispatch`. */
export interface DispatchInit {
  /** Scheme, host and port of the server. */
  origin?: string | URL;
  /** The path with the query, or an absolute URL. */
  path: string;
  method: string;
  /** A string, bytes, a stream, an iterable of bytes, or a Blob. Default: none. */
  body?: unknown;
  headers?: DispatchHeaders;
  /** A query that is added to the path. */
  query?: object;
  /** Whether the request may be sent again. Default: for GET and HEAD. */
  idempotent?: boolean;
  blocking?: boolean;
  /** The protocol to switch to. */
  upgrade?: boolean | string | null;
  /** In milliseconds; instead of the dispatcher's. */
  headersTimeout?: number | null;
  /** In milliseconds; instead of the dispatcher's. */
  bodyTimeout?: number | null;
  /** Whether to close the connection after the request. */
  reset?: boolean;
  expectContinue?: boolean;
}

/** Options of `request` and `stream`. */
export interface DispatchRequestInit<T = null> extends DispatchInit {
  opaque?: T;
  /** An AbortSignal or an EventEmitter. */
  signal?: unknown;
  responseHeaders?: 'raw' | null;
  highWaterMark?: number;
  /** Called with each interim response (1xx). */
  onInfo?: ((info: { statusCode: number; headers: Record<string, string | string[]> }) => void) | null;
}

/** Options of `pipeline`. */
export interface DispatchPipelineInit<T = null> extends DispatchRequestInit<T> {
  objectMode?: boolean;
}

/** Options of `connect`. */
export interface DispatchConnectInit<T = null> {
  origin: string | URL;
  path: string;
  headers?: DispatchHeaders;
  /** An AbortSignal or an EventEmitter. */
  signal?: unknown;
  opaque?: T;
  responseHeaders?: 'raw' | null;
}

/** Options of `upgrade`. */
export interface DispatchUpgradeInit {
  origin?: string | URL;
  path: string;
  method?: string;
  headers?: DispatchHeaders;
  protocol?: string;
  /** An AbortSignal or an EventEmitter. */
  signal?: unknown;
  responseHeaders?: 'raw' | null;
}

/** A response's body. */
export interface DispatchBody extends Readable {
  readonly bodyUsed: boolean;
  readonly body: never;
  /** Returns the whole body, decoded as UTF-8. */
  text(): Promise<string>;
  /** Returns the value of the whole body. Rejects with a SyntaxError if it is not JSON. */
  json(): Promise<unknown>;
  /** Returns the bytes of the whole body. */
  arrayBuffer(): Promise<ArrayBuffer>;
  /** Returns the whole body as a Blob. */
  blob(): Promise<Blob>;
  /** Returns the bytes as a Uint8Array. */
  // biome-ignore lint/suspicious/noExplicitAny: a Uint8Array, whose type has parameters since TypeScript 5.7 only.
  bytes(): Promise<any>;
  /** Always rejects. */
  formData(): Promise<never>;
  /** Reads and drops the body, up to `limit` bytes. */
  dump(options?: { limit: number; signal?: AbortSignal }): Promise<void>;
}

/** A response of `request`. */
export interface DispatchResponse<T = null> {
  statusCode: number;
  statusText: string;
  headers: IncomingHttpHeaders;
  body: DispatchBody;
  trailers: Record<string, string>;
  opaque: T;
  context: object;
}

/** What the factory of `stream` gets. */
export interface DispatchStreamStart<T = null> {
  statusCode: number;
  headers: IncomingHttpHeaders;
  opaque: T;
  context: object;
}

/** What the handler of `pipeline` gets. */
export interface DispatchPipelineStart<T = null> extends DispatchStreamStart<T> {
  body: DispatchBody;
}

/** The outcome of `stream`. */
export interface DispatchStreamEnd<T = null> {
  opaque: T;
  trailers: Record<string, string>;
}

/** The outcome of `connect`. */
export interface DispatchConnection<T = null> {
  statusCode: number;
  headers: IncomingHttpHeaders;
  socket: Duplex;
  opaque: T;
}

/** The outcome of `upgrade`. */
export interface DispatchUpgrade<T = null> {
  headers: IncomingHttpHeaders;
  socket: Duplex;
  opaque: T;
}

/** Returns the stream that `stream` writes the body to. */
export type DispatchStreamFactory<T = null> = (data: DispatchStreamStart<T>) => Writable;
/** Returns the stream that `pipeline` reads from. */
export type DispatchPipelineHandler<T = null> = (data: DispatchPipelineStart<T>) => Readable;
/** Called once, with an error or with the outcome. */
export type DispatchCallback<T> = (error: Error | null, data: T) => void;

/** `dispatch` of any undici, whose options and handlers have other types in each version. */
// biome-ignore lint/suspicious/noExplicitAny: see above.
export type AnyDispatch = (options: any, handler: any) => boolean;

/** A function that `compose` wraps around `dispatch`. */
export type DispatchInterceptor = (dispatch: AnyDispatch) => AnyDispatch;
