/**
 * Connects a `WinHttpRequest` with its request object: runs calls in order, allows one pending request, whose promise
 * settles once, and drops events of cancelled requests.
 */
import type { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';
import { AbortError, onAbort, withSignal } from '../../abort-signal.ts';
import { callListener } from '../../call-listener.ts';
import { RequestTracer } from '../../diagnostics/winhttp-channels.ts';
import type { WinwireError } from '../../errors.ts';
import { HResult } from '../../hresult.ts';
import type {
  AsyncMode,
  CreateRequestObject,
  FindProxies,
  RequestBody,
  RequestObject,
  RequestObjectOptions,
  RequestSink,
  ResponseSummary,
} from '../request-object.ts';
import { cancelled, failureOf } from '../winhttp-errors.ts';
import { CallQueue } from './call-queue.ts';
import { PendingRequest } from './pending-request.ts';
import { proxySettingsFor } from './request-proxy.ts';

const PRECONFIG = 0;

/** The seven states of the specification, except the pending ones, which have a record. */
type State = 'NEW' | 'OPEN' | 'DONE' | 'FAILED' | 'ABORTED';

/** Collects a stream; ends early if the stream is destroyed. */
type Collect = (source: Readable, limit: number) => Promise<Buffer>;

export class RequestLifecycle {
  readonly options: RequestObjectOptions;
  readonly #emitter: EventEmitter;
  readonly #collectBody: Collect;
  readonly #queue = new CallQueue();
  #object!: RequestObject;
  #state: State = 'NEW';
  /** The arguments of Open and SetRequestHeader, for diagnostics. */
  #method = '';
  #url = '';
  /** SetProxy has named a setting other than the machine's. */
  #hasOwnProxy = false;
  readonly #headers = new Map<string, readonly [name: string, value: string]>();
  #pending: PendingRequest | undefined;
  /** Number of running Open calls; sends wait for them. */
  #opening = 0;
  readonly #waiting = new Set<PendingRequest>();
  #generation = 0;
  #received = 0;
  #length: number | undefined;
  /** Events during Open: delivered for the old request if Open fails, dropped if it succeeds. */
  #held: (() => void)[] | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: RequestObjectOptions, emitter: EventEmitter, collectBody: Collect) {
    this.options = options;
    this.#emitter = emitter;
    this.#collectBody = collectBody;
  }

  async create(create: CreateRequestObject): Promise<void> {
    this.#object = await create(this.options, this.#sink());
  }

  get object(): RequestObject {
    return this.#object;
  }

  /** Calls the object after the earlier calls. A rejection of the result counts as handled. */
  call<T>(call: (object: RequestObject) => Promise<T>): Promise<T> {
    return this.#queue.add(() => {
      this.#refuseIfClosed();
      return call(this.#object);
    });
  }

  setProxy(setting: number, server: string | undefined, bypass: string | undefined): Promise<void> {
    return this.call(async (object) => {
      await object.setProxy(setting, server, bypass);
      this.#hasOwnProxy = setting !== PRECONFIG;
    });
  }

  open(method: string | null, url: string | null, mode: AsyncMode): Promise<void> {
    this.#opening++;
    return this.call(async (object) => {
      this.#held = [];
      try {
        await object.open(method, url, mode);
      } catch (error) {
        this.#release();
        throw error;
      } finally {
        this.#opening--;
      }
      this.#opened(method ?? '', url ?? '');
    });
  }

  setRequestHeader(name: string | null, value: string | null): Promise<void> {
    return this.call(async (object) => {
      await object.setRequestHeader(name, value);
      const key = String(name).toLowerCase();
      if (value === null) this.#headers.delete(key);
      else this.#headers.set(key, [String(name), value]);
    });
  }

  send(body: RequestBody | Readable, signal: AbortSignal | undefined): Promise<void> {
    this.#refuseIfClosed();
    if (signal?.aborted) throw new AbortError(signal.reason);
    // While Open runs, it is not known whether the previous request continues.
    const isAwaited = this.#opening > 0;
    if (!isAwaited) this.#refuseSecond();
    const pending = new PendingRequest();
    if (signal) this.#listenTo(signal, pending);
    if (isAwaited) this.#waiting.add(pending);
    else this.#install(pending);
    this.#start(pending, body).catch((error: Error) => this.#refuse(pending, error));
    return pending.promise;
  }

  async wait(milliseconds: number | undefined, signal: AbortSignal | undefined): Promise<boolean> {
    this.#refuseIfClosed();
    if (!this.#isPending) await this.#queue.idle();
    if (!this.#pending) throw failureOf('WaitForResponse', HResult.ERROR_WINHTTP_CANNOT_CALL_BEFORE_SEND);
    return this.#pending.wait(milliseconds, signal);
  }

  async abort(): Promise<void> {
    this.#refuseIfClosed();
    return this.#cancel(cancelled());
  }

  close(): Promise<void> {
    if (this.#closing) return this.#closing;
    this.#closing = this.#object.close();
    this.#generation++;
    for (const pending of [this.#pending, ...this.#waiting]) pending?.cancel();
    return this.#closing;
  }

  get #isPending(): boolean {
    return this.#pending !== undefined && !this.#pending.isSettled;
  }

  #refuseSecond(): void {
    if (!this.#isPending) return;
    const detail = 'a request is pending: await its send, or call abort()';
    throw failureOf('Send', HResult.ERROR_WINHTTP_CANNOT_CALL_AFTER_SEND, { detail });
  }

  #refuseIfClosed(): void {
    if (!this.#closing) return;
    throw Object.assign(new TypeError('The request object was disposed of.'), { code: 'ERR_INVALID_HANDLE' });
  }

  #opened(method: string, url: string): void {
    this.#held = undefined;
    this.#generation++;
    this.#pending?.cancel();
    this.#pending = undefined;
    this.#state = 'OPEN';
    this.#method = method;
    this.#url = url;
    this.#headers.clear();
  }

  #install(pending: PendingRequest): void {
    this.#waiting.delete(pending);
    this.#refuseSecond();
    pending.generation = ++this.#generation;
    this.#pending = pending;
  }

  #start(pending: PendingRequest, body: RequestBody | Readable): Promise<void> {
    if (!(body instanceof Readable)) return this.#startWith(pending, body);
    pending.whenSettled(() => body.destroy());
    const collected = this.#collectBody(body, this.options.limits.requestBody);
    return collected.then((bytes) => this.#startWith(pending, bytes));
  }

  #startWith(pending: PendingRequest, body: RequestBody): Promise<void> {
    return this.call(async (object) => {
      if (this.#waiting.has(pending)) this.#install(pending);
      if (pending.isSettled) return;
      if (this.#state === 'NEW' || this.#state === 'ABORTED') {
        throw failureOf('Send', HResult.ERROR_WINHTTP_CANNOT_CALL_BEFORE_OPEN);
      }
      pending.silent = this.#state === 'DONE';
      const { findProxies } = this.options;
      const finds = findProxies && object.backend === 'system' && !this.#hasOwnProxy && !pending.silent;
      if (finds && (await this.#findProxy(findProxies, object, pending))) return;
      pending.accepted = true;
      this.#received = 0;
      await this.#sendBy(object, body, pending);
    });
  }

  /**
   * Gives the system's object the proxy of its URL, which it cannot find itself; returns true if the request was cancelled
   * meanwhile.
   */
  async #findProxy(findProxies: FindProxies, object: RequestObject, pending: PendingRequest): Promise<boolean> {
    const end = new AbortController();
    pending.whenSettled(() => end.abort());
    try {
      const found = await withSignal(proxySettingsFor(findProxies, this.#url, end.signal), end.signal);
      await object.setProxy(...found.proxy);
      for (const credentials of found.credentials) await object.setCredentials(...credentials);
    } catch (error) {
      if (!pending.isSettled) throw error;
    }
    return pending.isSettled;
  }

  #sendBy(object: RequestObject, body: RequestBody, pending: PendingRequest): Promise<void> {
    const send = () => object.send(body, pending.generation);
    if (pending.silent) return send();
    const tracer = RequestTracer.begin(() => ({
      request: this.#emitter,
      backend: object.backend,
      method: this.#method,
      url: this.#url,
      headers: [...this.#headers.values()],
      body,
    }));
    if (!tracer) return send();
    pending.tracer = tracer;
    pending.whenSettled((error) => tracer.end(error));
    if (tracer.wantsData) object.wantData(true);
    return tracer.start(send);
  }

  /** The request was not accepted, so the state stays as it was. */
  #refuse(pending: PendingRequest, error: Error): void {
    this.#waiting.delete(pending);
    if (pending.isSettled) return;
    if (this.#pending === pending) this.#pending = undefined;
    pending.fail(error);
  }

  #listenTo(signal: AbortSignal, pending: PendingRequest): void {
    const stop = onAbort(signal, () => {
      const error = new AbortError(signal.reason);
      if (this.#pending === pending) void this.#cancel(error);
      else pending.fail(error);
    });
    pending.whenSettled(stop);
  }

  async #cancel(error: Error): Promise<void> {
    const pending = this.#isPending ? this.#pending : undefined;
    this.#generation++;
    this.#held = undefined;
    for (const waiting of this.#waiting) waiting.fail(error);
    this.#waiting.clear();
    pending?.tracer?.abort(error.cause);
    // At once, because the call that blocks the object may be the one to abort.
    const direct = pending?.accepted ? this.#object.abort() : undefined;
    if (pending) pending.fail(error);
    else this.#pending = undefined;
    await this.#queue.add(async () => {
      await (direct ?? (this.#closing ? undefined : this.#object.abort()));
      if (this.#state !== 'NEW') this.#state = 'ABORTED';
    });
  }

  // Events of the backend

  #sink(): RequestSink {
    return {
      responseStart: (generation, status, contentType, length) =>
        this.#deliver(generation, () => {
          this.#length = length;
          this.#pending?.tracer?.started(status, contentType, length);
          this.#emit('responseStart', status, contentType);
        }),
      responseData: (generation, chunk) => this.#deliver(generation, () => this.#emitData(generation, chunk)),
      responseFinished: (generation, head) => this.#deliver(generation, () => this.#finished(head)),
      error: (generation, error) => this.#deliver(generation, () => this.#failed(error)),
      connected: (generation, times) => this.#deliver(generation, () => this.#pending?.tracer?.connected(times)),
      requestProgress: (generation, sent, total) =>
        this.#deliver(generation, () => {
          this.#pending?.tracer?.sent(sent, total);
          this.#emit('uploadProgress', sent, total);
        }),
    };
  }

  #deliver(generation: number, event: () => void): void {
    if (generation !== this.#generation) return;
    if (this.#held) this.#held.push(() => this.#deliver(generation, event));
    else if (this.#pending) this.#pending.run(event);
  }

  #release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const event of held) event();
  }

  #emitData(generation: number, chunk: Uint8Array): void {
    this.#received += chunk.length;
    const bytes = asBuffer(chunk);
    this.#pending?.tracer?.data(bytes);
    this.#emit('responseDataAvailable', bytes);
    // A listener may have cancelled the request.
    const [received, length] = [this.#received, this.#length];
    this.#deliver(generation, () => this.#emit('downloadProgress', received, length));
  }

  #finished(head: ResponseSummary | undefined): void {
    const pending = this.#pending;
    if (head) pending?.tracer?.complete(head);
    this.#state = 'DONE';
    pending?.finish();
    if (!pending?.silent) this.#emit('responseFinished');
  }

  #failed(error: WinwireError): void {
    const pending = this.#pending;
    this.#state = 'FAILED';
    const isTaken = this.#emitter.listenerCount('error') > 0;
    if (isTaken) pending?.take();
    pending?.fail(error);
    if (isTaken) this.#emit('error', error);
  }

  #emit(name: string, ...values: unknown[]): void {
    callListener(() => this.#emitter.emit(name, ...values));
  }
}

function asBuffer(chunk: Uint8Array): Buffer {
  return Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}
