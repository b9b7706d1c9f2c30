/** One request and its response on one connection. */
import type { Dispatcher } from 'undici';
import type { WinwireError } from '../../errors.ts';
import { ResponseHead } from './headers.ts';
import type { Connection } from './http-connection.ts';
import { giveBack } from './http-connection.ts';
import { inboundOf } from './inbound.ts';
import { startLimit, type Timeouts } from './timeouts.ts';
import { codeOf, exchangeFailure, LENGTH_MISMATCH, timedOut } from './transport-failure.ts';
import { isLarge, partsOf } from './wire-body.ts';

// RFC 9110 sections 15.3.5 and 15.4.5.
const WITHOUT_BODY = new Set([204, 304]);

/** What an exchange tells. After `onEnd` or `onFail` nothing more comes, and after `cancel` nothing at all. */
export interface ExchangeListener {
  onHead(head: ResponseHead): void;
  /** False to be sent nothing more until `resume`. */
  onData(chunk: Buffer): boolean;
  onEnd(): void;
  /** `isStale`: a connection that was kept alive is gone before it has brought anything. */
  onFail(error: WinwireError, isStale: boolean): void;
  onSent(sent: number, total: number): void;
}

interface ExchangeRequest {
  readonly head: string;
  readonly isHead: boolean;
  readonly body: Buffer | undefined;
  /** The connection is not to be kept. */
  readonly closes: boolean;
  readonly timeouts: Timeouts;
}

export class Exchange implements Dispatcher.DispatchHandler {
  readonly #connection: Connection;
  readonly #request: ExchangeRequest;
  #listener: ExchangeListener | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isSending = false;
  #hasHead = false;
  #isWithoutBody = false;
  #resume: (() => void) | undefined;

  constructor(connection: Connection, request: ExchangeRequest, listener: ExchangeListener) {
    this.#connection = connection;
    this.#request = request;
    this.#listener = listener;
  }

  start(): void {
    const { client, wire } = this.#connection;
    const { head, isHead, body, closes } = this.#request;
    wire.begin(head, () => this.#onPacket());
    const isInParts = body !== undefined && isLarge(body);
    if (isInParts) this.#startSending();
    else this.#startReceiving();
    // The head is written by the wire; undici has to know only what a response to it looks like.
    const method = isHead ? 'HEAD' : body === undefined ? 'GET' : 'POST';
    const payload = isInParts ? this.#parts(body) : body;
    const headers = isInParts ? ['content-length', String(body.length)] : null;
    client.dispatch({ path: '/', method, body: payload as Buffer, headers, reset: closes }, this);
    if (body !== undefined && !isInParts) this.#listener?.onSent(body.length, body.length);
  }

  /** Closes the connection; nothing is told any more. */
  cancel(): void {
    this.#finish();
    this.#connection.destroy();
  }

  /** More data is wanted. */
  resume(): void {
    const resume = this.#resume;
    this.#resume = undefined;
    if (!this.#listener || !resume) return;
    this.#startReceiving();
    resume();
  }

  /** The rest of the body is looked at while it is told, and not kept: it need not be copied for that. */
  lend(): void {
    inboundOf(this.#connection.wire.socket)?.setLending(true);
  }

  /** While referenced, the connection keeps the process alive. */
  setRef(isReferenced: boolean): void {
    const { socket } = this.#connection.wire;
    if (isReferenced) socket.ref();
    else socket.unref();
  }

  // undici's side

  onConnect(): void {}

  onHeaders(status: number, raw: Buffer[], resume: () => void, statusText: string): boolean {
    if (status < 200) return true;
    this.#hasHead = true;
    this.#isWithoutBody = WITHOUT_BODY.has(status);
    this.#pausedResume = resume;
    this.#listener?.onHead(new ResponseHead(status, statusText, raw));
    return true;
  }

  #pausedResume: (() => void) | undefined;

  onData(chunk: Buffer): boolean {
    if (!this.#listener) return true;
    if (this.#listener.onData(chunk) || !this.#listener) return true;
    // Nothing can time out while nobody wants it to come.
    clearTimeout(this.#timer);
    this.#resume = this.#pausedResume;
    return false;
  }

  onComplete(): void {
    const listener = this.#finish();
    if (!listener) return;
    // Now, not later: undici has still to say whether it keeps the connection, and says so before anybody runs.
    this.#connection.wire.end();
    giveBack(this.#connection);
    listener.onEnd();
  }

  onError(error: Error): void {
    const { received } = this.#connection.wire;
    const { isUsed } = this.#connection;
    const listener = this.#finish();
    this.#connection.destroy();
    // undici misses a body whose length a 304 tells, though that is the length of another response.
    const isWhole = this.#isWithoutBody && codeOf(error) === LENGTH_MISMATCH;
    const hasBytes = received > 0;
    if (isWhole) listener?.onEnd();
    else listener?.onFail(exchangeFailure(error, { hasBytes, hasHead: this.#hasHead }), isUsed && !hasBytes);
  }

  #finish(): ExchangeListener | undefined {
    clearTimeout(this.#timer);
    inboundOf(this.#connection.wire.socket)?.setLending(false);
    const listener = this.#listener;
    this.#listener = undefined;
    return listener;
  }

  #parts(body: Buffer): Iterable<Buffer> {
    return partsOf(body, (sent) => {
      this.#timer?.refresh();
      if (sent === body.length) this.#startReceiving();
      this.#listener?.onSent(sent, body.length);
    });
  }

  #onPacket(): void {
    if (!this.#isSending) this.#timer?.refresh();
  }

  #startSending(): void {
    this.#isSending = true;
    this.#startTimer('sending', this.#request.timeouts.send);
  }

  #startReceiving(): void {
    this.#isSending = false;
    this.#startTimer('receiving', this.#request.timeouts.receive);
  }

  #startTimer(what: string, limit: number): void {
    clearTimeout(this.#timer);
    if (!this.#listener) return;
    this.#timer = startLimit(limit, () => {
      const listener = this.#finish();
      this.#connection.destroy();
      listener?.onFail(timedOut(what, limit), false);
    });
  }
}
