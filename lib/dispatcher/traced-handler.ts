/** A handler that publishes what happens to its request, on the channels `winwire:http:…`. */
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type HttpFields, HttpTracer } from '../diagnostics/http-channels.ts';
import type { NetworkConnection } from '../tunnel/network-connection.ts';
import { type DispatchOptions, fieldsOf, originOf } from './dispatch-options.ts';
import type { FirstHandler, RawHeaders } from './generations.ts';

const connectTimes = new WeakMap<Socket, number>();

/** Notes how long it took to open a connection, in milliseconds, for the first request on it. */
export function noteConnectTime(socket: Socket, milliseconds: number): void {
  if (HttpTracer.isWanted) connectTimes.set(socket, milliseconds);
}

/** Returns the tracer of a dispatch; undefined if there are no subscribers. */
export function traceDispatch(options: DispatchOptions): HttpTracer | undefined {
  return HttpTracer.begin(() => ({
    door: 'dispatcher',
    method: options.method,
    url: options.path.startsWith('/') ? `${originOf(options).text}${options.path}` : options.path,
    headers: fieldsOf(options.headers),
    total: sizeOf(options.body),
  }));
}

function sizeOf(body: unknown): number | undefined {
  if (typeof body === 'string') return Buffer.byteLength(body);
  if (body instanceof Blob) return body.size;
  return ArrayBuffer.isView(body) || body instanceof ArrayBuffer ? body.byteLength : undefined;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : (value as Buffer).toString('latin1'));

function received(raw: RawHeaders): HttpFields {
  const fields: [string, string][] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const value = raw[index + 1];
    for (const one of Array.isArray(value) ? value : [value]) fields.push([text(raw[index]), text(one)]);
  }
  return fields;
}

export class TracedHandler implements FirstHandler {
  readonly #handler: FirstHandler;
  readonly #tracer: HttpTracer;

  constructor(handler: FirstHandler, tracer: HttpTracer) {
    this.#handler = handler;
    this.#tracer = tracer;
  }

  /** The request goes on this connection. */
  onConnection({ socket, route }: NetworkConnection): void {
    this.#tracer.restart();
    const connect = connectTimes.get(socket);
    if (connect === undefined) return;
    connectTimes.delete(socket);
    const proxy = route.kind === 'direct' ? undefined : `${route.host}:${route.port}`;
    this.#tracer.connected({ address: socket.remoteAddress, proxy, connect });
  }

  onConnect(abort: (reason?: Error) => void, context?: unknown): void {
    const traced = (reason?: Error) => {
      this.#tracer.abort(reason);
      abort(reason);
    };
    this.#handler.onConnect?.(traced, context);
  }

  onUpgrade(statusCode: number, headers: RawHeaders, socket: Duplex): void {
    this.#tracer.responseStarted(statusCode, '', received(headers));
    this.#handler.onUpgrade?.(statusCode, headers, socket);
    this.#tracer.end();
  }

  onResponseStarted(): void {
    this.#handler.onResponseStarted?.();
  }

  onHeaders(statusCode: number, headers: RawHeaders, resume: () => void, statusText: string): unknown {
    if (statusCode >= 200) this.#tracer.responseStarted(statusCode, statusText, received(headers));
    return this.#handler.onHeaders?.(statusCode, headers, resume, statusText);
  }

  onData(chunk: Buffer): unknown {
    this.#tracer.data(chunk);
    return this.#handler.onData?.(chunk);
  }

  onComplete(trailers: RawHeaders): void {
    this.#handler.onComplete?.(trailers);
    this.#tracer.end();
  }

  onError(error: Error): void {
    this.#tracer.end(error);
    this.#handler.onError?.(error);
  }

  onBodySent(chunk: Buffer): void {
    this.#tracer.sent(chunk);
    this.#handler.onBodySent?.(chunk);
  }

  onRequestSent(): void {
    this.#handler.onRequestSent?.();
  }
}
