/**
 * What stands between the members of a `WinHttpRequest` and its request object: calls in order, one pending request at
 * most, whose promise settles once, and no word of a request that was given up.
 */
import type { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';
import { AbortError, onAbort } from '../../abort-signal.ts';
import { RequestTracer } from '../../diagnostics/winhttp-channels.ts';
import type { WinwireError } from '../../errors.ts';
import { HResult } from '../../hresult.ts';
import type {
  AsyncMode,
  CreateRequestObject,
  RequestBody,
  RequestObject,
  RequestObjectOptions,
  RequestSink,
  ResponseSummary,
} from '../request-object.ts';
import { cancelled, failureOf } from '../winhttp-errors.ts';
import { CallQueue } from './call-queue.ts';
import { callListener } from './listener.ts';
import { PendingRequest } from './pending-request.ts';

/** What is common to the seven states of the specification; a pending request is told apart by its record. */
type State = 'NEW' | 'OPEN' | 'DONE' | 'FAILED' | 'ABORTED';

/** Collects a stream; it ends early when the stream is destroyed. */
type Collect = (source: Readable, limit: number) => Promise<Buffer>;

export class RequestSession {
  readonly options: RequestObjectOptions;
  readonly #emitter: EventEmitter;
  readonly #collect: Collect;
  readonly #queue = new CallQueue();
  #object!: RequestObject;
  #state: State = 'NEW';
  /** What Open and SetRequestHeader were given, for those who watch. */
  #method = '';
  #url = '';
  readonly #headers = new Map<string, readonly [name: string, value: string]>();
  #pending: PendingRequest | undefined;
  /** Calls of Open that are under way, and the sends that came meanwhile. */
  #opening = 0;
  readonly #waiting = new Set<PendingRequest>();
  #generation = 0;
  #received = 0;
  #length: number | undefined;
  /** Events that come while Open is under way: of the old request if it fails, of nobody if it succeeds. */
  #held: (() => void)[] | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: RequestObjectOptions, emitter: EventEmitter, collect: Collect) {
    this.options = options;
    this.#emitter = emitter;
    this.#collect = collect;
  }

  async create(create: CreateRequestObject): Promise<void> {
    this.#object = await create(this.options, this.#sink());
  }

  get object(): RequestObject {
    return this.#object;
  }

  /** A call of the object, after those before it. */
  call<T>(call: (object: RequestObject) => Promise<T>): Promise<T> {
    return this.#queue.add(() => {
      this.#refuseIfClosed();
      return call(this.#object);
    });
  }

  /** A call that only asks: nobody has to look at its failure. */
  get<T>(call: (object: RequestObject) => Promise<T>): Promise<T> {
    const result = this.call(call);
    result.catch(() => {});
    return result;
  }

  open(method: string | null, url: string | null, mode: AsyncMode): Promise<void> {
    this.#opening++;
    return this.call(async (object) => {
      await this.#open(() => object.open(method, url, mode));
      this.#method = method ?? '';
      this.#url = url ?? '';
      this.#headers.clear();
    }).finally(() => this.#opening--);
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
    // While Open is under way, nobody knows yet whether the request before goes on.
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
    if (this.#isPending) throw failureOf('Send', HResult.ERROR_WINHTTP_CANNOT_CALL_AFTER_SEND);
  }

  #refuseIfClosed(): void {
    if (!this.#closing) return;
    throw Object.assign(new TypeError('The request object was disposed of.'), { code: 'ERR_INVALID_HANDLE' });
  }

  async #open(open: () => Promise<void>): Promise<void> {
    this.#held = [];
    try {
      await open();
    } catch (error) {
      this.#release();
      throw error;
    }
    this.#held = undefined;
    this.#generation++;
    this.#pending?.cancel();
    this.#pending = undefined;
    this.#state = 'OPEN';
  }

  #install(pending: PendingRequest): void {
    this.#waiting.delete(pending);
    this.#refuseSecond();
    pending.generation = ++this.#generation;
    this.#pending = pending;
  }

  async #start(pending: PendingRequest, given: RequestBody | Readable): Promise<void> {
    const isStream = given instanceof Readable;
    if (isStream) pending.whenSettled(() => given.destroy());
    const body = isStream ? await this.#collect(given, this.options.limits.requestBody) : given;
    await this.call(async (object) => {
      if (this.#waiting.has(pending)) this.#install(pending);
      if (pending.isSettled) return;
      if (this.#state === 'NEW' || this.#state === 'ABORTED') {
        throw failureOf('Send', HResult.ERROR_WINHTTP_CANNOT_CALL_BEFORE_OPEN);
      }
      pending.silent = this.#state === 'DONE';
      pending.accepted = true;
      this.#received = 0;
      await this.#sendBy(object, body, pending);
    });
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

  /** The request was not even accepted: there is nothing to wait for, and the state is what it was. */
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
    // At once: what the object is busy with may be what has to be aborted.
    const direct = pending?.accepted ? this.#object.abort() : undefined;
    if (pending) pending.fail(error);
    else this.#pending = undefined;
    await this.#queue.add(async () => {
      await (direct ?? (this.#closing ? undefined : this.#object.abort()));
      if (this.#state !== 'NEW') this.#state = 'ABORTED';
    });
  }

  // What the backend tells

  #sink(): RequestSink {
    return {
      responseStart: (generation, status, contentType, length) =>
        this.#deliver(generation, () => {
          this.#length = length;
          this.#pending?.tracer?.started(status, contentType, length);
          this.#tell('responseStart', status, contentType);
        }),
      responseData: (generation, chunk) => this.#deliver(generation, () => this.#tellData(generation, chunk)),
      responseFinished: (generation, head) => this.#deliver(generation, () => this.#finished(head)),
      error: (generation, error) => this.#deliver(generation, () => this.#failed(error)),
      connected: (generation, times) => this.#deliver(generation, () => this.#pending?.tracer?.connected(times)),
      requestProgress: (generation, sent, total) =>
        this.#deliver(generation, () => {
          this.#pending?.tracer?.sent(sent, total);
          this.#tell('uploadProgress', sent, total);
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

  #tellData(generation: number, chunk: Uint8Array): void {
    this.#received += chunk.length;
    const bytes = asBuffer(chunk);
    this.#pending?.tracer?.data(bytes);
    this.#tell('responseDataAvailable', bytes);
    // A listener may have given the request up, or be about to.
    const [received, length] = [this.#received, this.#length];
    this.#deliver(generation, () => this.#tell('downloadProgress', received, length));
  }

  #finished(head: ResponseSummary | undefined): void {
    const pending = this.#pending;
    if (head) pending?.tracer?.complete(head);
    this.#state = 'DONE';
    pending?.finish();
    if (!pending?.silent) this.#tell('responseFinished');
  }

  #failed(error: WinwireError): void {
    const pending = this.#pending;
    this.#state = 'FAILED';
    const isTaken = this.#emitter.listenerCount('error') > 0;
    if (isTaken) pending?.take();
    pending?.fail(error);
    if (isTaken) this.#tell('error', error);
  }

  #tell(name: string, ...values: unknown[]): void {
    callListener(() => this.#emitter.emit(name, ...values));
  }
}

function asBuffer(chunk: Uint8Array): Buffer {
  return Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}
