/** One dispatch: a request with its legs of authentication, and its response. */
import { AsyncResource } from 'node:async_hooks';
import type { Duplex } from 'node:stream';
import { callListener } from '../call-listener.ts';
import type { NetworkConnection } from '../tunnel/network-connection.ts';
import { ConnectionGone, type Line, type LineListener, type LineUser } from './client-line.ts';
import { type DispatchOptions, isIdempotent, originOf, withFields } from './dispatch-options.ts';
import type { FirstHandler, RawHeaders } from './generations.ts';
import { HeldEvents } from './held-events.ts';
import { Leg, type LegOutcome } from './leg.ts';
import { BodyNotReplayableError, isStreamed, ReplayBody } from './replay-body.ts';
import { TracedHandler } from './traced-handler.ts';
import { undiciError } from './undici-errors.ts';

/** Where exchanges wait for a line. */
export interface Waiting extends LineListener {
  enqueue(exchange: Exchange): void;
  /** Opens the connection on which the exchange goes on, and calls its `assign`. */
  reopen(exchange: Exchange, lease: NetworkConnection, signal: AbortSignal): void;
  /** The exchange no longer needs what it was assigned; the connection may be kept if the response is complete. */
  giveBack(line: Line, lease: NetworkConnection, isComplete: boolean): void;
  /** The exchange needs no line any more. */
  leave(exchange: Exchange): void;
  /** The exchange has ended. */
  onEnded(exchange: Exchange): void;
}

const NOTHING = () => {};

export class Exchange extends AsyncResource implements LineUser {
  readonly options: DispatchOptions;
  readonly #handler: FirstHandler;
  readonly #pool: Waiting;
  readonly #replay: ReplayBody | undefined;
  #line: Line | undefined;
  #lease: NetworkConnection | undefined;
  /** Ends what waits between two legs. */
  #end: AbortController | undefined;
  #leg: Leg | undefined;
  /** The rest of a response that is being judged, or that the handler has paused since. */
  #held: HeldEvents | undefined;
  /** The peer has asked for credentials on this connection. */
  #isAsked = false;
  #abortRequest: ((reason?: Error) => void) | undefined;
  #isEnded = false;
  /** The request was written to the line, or a part of it. */
  #isSent = false;
  #isAnswered = false;
  #isRepeated = false;

  /** `replayLimit`: bytes of a streamed body that are kept as long as credentials may be asked for. */
  constructor(options: DispatchOptions, handler: FirstHandler, pool: Waiting, replayLimit: number) {
    super('WINWIRE_DISPATCH');
    this.#handler = handler;
    this.#pool = pool;
    this.options = options;
    if (isStreamed(options.body)) {
      this.#replay = new ReplayBody(options.body, replayLimit, this);
      this.options = { ...options, body: this.#replay };
    }
  }

  /** Gives the handler its means to abort. It can do so from now on, also while there is no connection. */
  start(): void {
    try {
      this.runInAsyncScope(() => this.#handler.onConnect?.(this.abort));
    } catch (error) {
      this.fail(error as Error);
    }
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  readonly abort = (reason?: Error): void => {
    if (this.#isEnded) return;
    const error = reason ?? undiciError('UND_ERR_ABORTED');
    if (this.#abortRequest) this.#abortRequest(error);
    this.fail(error);
  };

  /** Ends the exchange with an error, which the handler gets. */
  fail(error: Error): void {
    if (this.#isEnded) return;
    this.#finish(false);
    callListener(() => this.runInAsyncScope(() => this.#handler.onError?.(error)));
  }

  /** Sends the request on a line, which is reserved for it. `lease` is its right to use the connection. */
  assign(line: Line, lease: NetworkConnection): void {
    this.#line = line;
    this.#lease = lease;
    this.#isAsked = false;
    line.acquire(this);
    this.#send();
  }

  abortOnLine(error: Error): void {
    this.#abortRequest?.(error);
  }

  #send(): void {
    const lease = this.#lease as NetworkConnection;
    this.#leg = undefined;
    this.#abortRequest = undefined;
    if (!Leg.isNeeded(lease)) {
      // No proxy or server asks for credentials here.
      this.#replay?.release();
      this.#dispatch(this.options);
      return;
    }
    const leg = Leg.begin(lease, this.options);
    if (leg instanceof Promise) leg.then((begun) => this.#sendLeg(begun), this.#quit);
    else this.#sendLeg(leg);
  }

  #sendLeg(leg: Leg): void {
    if (this.#isEnded) return;
    this.#leg = leg;
    const { options } = this;
    this.#dispatch({ ...options, path: leg.target, headers: withFields(options.headers, leg.fields) });
  }

  #dispatch(options: DispatchOptions): void {
    if (this.#handler instanceof TracedHandler) this.#handler.onConnection(this.#lease as NetworkConnection);
    // In the scope, so that an iterator of the body runs in the context of its caller.
    this.runInAsyncScope(() => this.#line?.send(options, this));
  }

  /** Ends the request and its connection. */
  readonly #quit = (error: Error): void => {
    const line = this.#line;
    this.#abortRequest?.(error);
    this.fail(error);
    void line?.destroy(error);
  };

  // What undici's Client calls

  onConnect(abort: (reason?: Error) => void): void {
    if (this.#isEnded) abort();
    else this.#abortRequest = abort;
    this.#isSent = true;
  }

  onResponseStarted(): void {
    if (this.#handler.onResponseStarted) this.runInAsyncScope(() => this.#handler.onResponseStarted?.());
  }

  onBodySent(chunk: Buffer): void {
    if (this.#handler.onBodySent) this.runInAsyncScope(() => this.#handler.onBodySent?.(chunk));
  }

  onRequestSent(): void {
    if (this.#handler.onRequestSent) this.runInAsyncScope(() => this.#handler.onRequestSent?.());
  }

  onHeaders(status: number, headers: RawHeaders, resume: () => void, statusText: string): unknown {
    const leg = this.#leg;
    if (status < 200 || leg === undefined) return this.#deliver(status, headers, resume, statusText);
    const outcome = leg.onHead(status, headers, statusText);
    if (outcome === undefined) return this.#deliver(status, headers, resume, statusText);
    // undici asserts that no paused connection ends, so the rest of the response is not paused but held.
    const held = new HeldEvents();
    this.#held = held;
    const next = () =>
      this.#guarded(() => {
        if (!held.flush()) return;
        if (this.#held === held) this.#held = undefined;
        resume();
      });
    const deliver = () => {
      if (this.#deliver(status, headers, next, statusText) !== false) next();
    };
    outcome.then((result) => this.#afterHead(result, { deliver, next, resume }), this.#quit);
    return true;
  }

  #afterHead(outcome: LegOutcome, { deliver, next, resume }: Record<'deliver' | 'next' | 'resume', () => void>): void {
    if (this.#isEnded) return;
    if (outcome === 'deliver') this.#guarded(deliver);
    else if (this.#replay && !this.#replay.isReplayable) this.#quit(this.#notReplayable());
    else if (outcome === 'again') next();
    else this.#reopen(resume);
  }

  /** Sends the request again on a new connection. `resume` ends a pause, in which undici expects no end of the connection. */
  #reopen(resume = NOTHING): void {
    const [line, lease] = [this.#line, this.#lease as NetworkConnection];
    const abort = this.#abortRequest;
    this.#abortRequest = undefined;
    this.#isSent = false;
    this.#leg = undefined;
    this.#line = undefined;
    this.#lease = undefined;
    this.#held = undefined;
    this.#end = new AbortController();
    resume();
    this.#pool.reopen(this, lease, this.#end.signal);
    line?.release(this, this.#pool);
    // HTTP/2 may serve others on it.
    if (lease.protocol === 'h2') abort?.(new ConnectionGone());
    else void line?.destroy(new ConnectionGone());
  }

  #notReplayable(): Error {
    return new BodyNotReplayableError(this.options.method, originOf(this.options).text);
  }

  /** A handler that throws outside of undici's calls ends its request as well. */
  #guarded(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#quit(error as Error);
    }
  }

  #deliver(status: number, headers: RawHeaders, resume: () => void, statusText: string): unknown {
    if (status >= 200) this.#replay?.release();
    this.#isAnswered ||= status >= 200;
    return this.runInAsyncScope(() => this.#handler.onHeaders?.(status, headers, resume, statusText));
  }

  onData(chunk: Buffer): unknown {
    return this.#held ? this.#held.add(() => this.#onData(chunk), chunk.length) : this.#onData(chunk);
  }

  #onData(chunk: Buffer): unknown {
    if (this.#isEnded || !this.#line) return true;
    if (this.#leg?.isRepeated) {
      if (!this.#leg.drop(chunk)) this.#reopen();
      return true;
    }
    return this.runInAsyncScope(() => this.#handler.onData?.(chunk));
  }

  onComplete(trailers: RawHeaders): void {
    if (this.#held) this.#held.add(() => this.#onComplete(trailers));
    else this.#onComplete(trailers);
  }

  #onComplete(trailers: RawHeaders): void {
    if (this.#isEnded || !this.#line) return;
    if (this.#leg?.isRepeated) {
      this.#isAsked = true;
      this.#send();
    } else this.#endAfter(() => this.#handler.onComplete?.(trailers), NOTHING);
  }

  onUpgrade(status: number, headers: RawHeaders, socket: Duplex): void {
    this.#endAfter(
      () => this.#handler.onUpgrade?.(status, headers, socket),
      () => socket.on('error', NOTHING).destroy(),
    );
  }

  /** The last call of a handler; if it throws, it gets its error as that of the request. */
  #endAfter(call: () => void, onThrown: () => void): void {
    try {
      this.runInAsyncScope(call);
      this.#finish(true);
    } catch (error) {
      onThrown();
      this.fail(error as Error);
    }
  }

  onError(error: Error): void {
    if (this.#held) this.#held.add(() => this.#onError(error));
    else this.#onError(error);
  }

  #onError(error: Error): void {
    if (this.#isEnded || !this.#line) return;
    try {
      if (this.#isContinuedAfter(error)) this.#reopen();
      else if (error instanceof ConnectionGone) this.#onGone();
      else this.fail(error);
    } catch (fault) {
      this.fail(fault as Error);
    }
  }

  /** A peer that closes its connection right after its question has hardly read the answer. */
  #isContinuedAfter(error: Error): boolean {
    const mayRepeat = this.#isAsked || isIdempotent(this.options);
    return this.#leg?.isContinuedAfter(error, mayRepeat) === true && this.#replay?.isReplayable !== false;
  }

  /** Waits for another connection, unless this one was lost when the server may have begun to work. */
  #onGone(): void {
    const mayRepeat = isIdempotent(this.options) && !this.#isAnswered && !this.#isRepeated && !this.#replay;
    if (this.#isSent && !mayRepeat) {
      this.fail(undiciError('UND_ERR_SOCKET'));
      return;
    }
    this.#isRepeated ||= this.#isSent;
    this.#isSent = false;
    this.#leave(false);
    this.#pool.enqueue(this);
  }

  #leave(isComplete: boolean): void {
    this.#held = undefined;
    const [line, lease] = [this.#line, this.#lease];
    this.#abortRequest = undefined;
    this.#leg = undefined;
    this.#line = undefined;
    this.#lease = undefined;
    line?.release(this, this.#pool);
    if (line && lease) this.#pool.giveBack(line, lease, isComplete);
  }

  #finish(isComplete: boolean): void {
    this.#isEnded = true;
    this.#replay?.close().catch(NOTHING);
    this.#end?.abort();
    if (this.#line) this.#leave(isComplete);
    else this.#pool.leave(this);
    this.#pool.onEnded(this);
  }
}
