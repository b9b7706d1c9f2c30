/** One request and its response on one connection. */
import type { WinwireError } from '../../errors.ts';
import { type BodyReader, bodyReaderFor, canStayOpen } from '../../http1/body-reader.ts';
import { HeadReader } from '../../http1/head-reader.ts';
import { MessageError, malformed } from '../../http1/message-error.ts';
import type { ResponseHead } from '../../http1/response-head.ts';
import { type Connection, type ConnectionReader, releaseConnection } from './http-connection.ts';
import { inboundOf } from './inbound.ts';
import { startLimit, type Timeouts } from './timeouts.ts';
import { exchangeFailure, timedOut } from './transport-failure.ts';
import { isLarge, PART } from './wire-body.ts';

/** A body up to this size is taken by the buffers of a server that does not read it; squid has 64 KiB for head and body. */
const MAX_UNREAD = 16 * 1024;

/**
 * Receives the events of an exchange. After `onEnd` or `onFail` there are no further calls, and none after `cancel`.
 */
export interface ExchangeListener {
  onHead(head: ResponseHead): void;
  /** Returns false to pause: bytes already read are still delivered, the rest after `resume`. */
  onData(chunk: Buffer): boolean;
  /** `kept`: the connection, if {@link Exchange.keep} was called and it can be used again. */
  onEnd(kept?: Connection): void;
  /** `progress`: how far the request got, if a reused connection returned no bytes. */
  onFail(error: WinwireError, progress: SendProgress): void;
  onSent(sent: number, total: number): void;
}

/**
 * The progress of a failed request: `answered`, also on a new connection; `sent` on a reused connection that returned
 * no bytes; `unsent` on one that was closed before a byte was written.
 */
export type SendProgress = 'answered' | 'sent' | 'unsent';

interface ExchangeRequest {
  readonly head: string;
  readonly isHead: boolean;
  readonly body: Buffer | undefined;
  /** The connection must be closed. */
  readonly closes: boolean;
  readonly timeouts: Timeouts;
  readonly maxHeaderSize: number;
}

export class Exchange implements ConnectionReader {
  readonly #connection: Connection;
  readonly #request: ExchangeRequest;
  readonly #headReader: HeadReader;
  #listener: ExchangeListener | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isSending = false;
  #isWritten = false;
  #received = 0;
  #head: ResponseHead | undefined;
  #body: BodyReader | undefined;
  #keeps = false;

  constructor(connection: Connection, request: ExchangeRequest, listener: ExchangeListener) {
    this.#connection = connection;
    this.#request = request;
    this.#listener = listener;
    this.#headReader = new HeadReader(request.maxHeaderSize);
  }

  start(): void {
    const { socket } = this.#connection;
    const { head, body } = this.#request;
    this.#connection.attach(this);
    const onWritten = (error?: Error | null) => {
      this.#isWritten ||= !error;
    };
    if (body === undefined) {
      socket.write(head, 'latin1', onWritten);
      this.#startReceiving();
      return;
    }
    socket.cork();
    socket.write(head, 'latin1', onWritten);
    if (isLarge(body)) {
      this.#startSending();
      this.#writePart(body, 0);
    } else {
      socket.write(body);
      this.#startReceiving();
      this.#listener?.onSent(body.length, body.length);
    }
    socket.uncork();
  }

  /** Closes the connection; there are no further calls. */
  cancel(): void {
    this.#finish();
    this.#connection.destroy();
  }

  /** Whether the listener gets the connection at the end, in place of later requests. */
  keep(keeps: boolean): void {
    this.#keeps = keeps;
  }

  /** Continues delivering data. */
  resume(): void {
    if (!this.#listener || !this.#connection.socket.isPaused()) return;
    this.#startReceiving();
    this.#connection.socket.resume();
  }

  /** The rest of the body is used only during the callback, so it need not be copied. */
  lend(): void {
    inboundOf(this.#connection.socket)?.setLending(true);
  }

  /** Whether the connection keeps the process alive. */
  setRef(isReferenced: boolean): void {
    if (isReferenced) this.#connection.socket.ref();
    else this.#connection.socket.unref();
  }

  // Events of the connection

  onBytes(bytes: Buffer): void {
    this.#received += bytes.length;
    if (!this.#isSending) this.#timer?.refresh();
    try {
      const body = this.#body ? bytes : this.#takeHead(bytes);
      const end = body ? this.#body?.read(body, (part) => this.#onPart(part)) : undefined;
      if (body && end !== undefined && end >= 0) this.#complete(end === body.length);
    } catch (error) {
      if (!(error instanceof MessageError)) throw error;
      this.#fail(error);
    }
  }

  onClosed(error: Error | undefined): void {
    if (this.#body?.isUntilClose && !error) this.#complete(false);
    else this.#fail(error);
  }

  /** Returns the bytes after the head when it is complete. */
  #takeHead(bytes: Buffer): Buffer | undefined {
    const head = this.#headReader.read(bytes);
    if (!head) return undefined;
    if (head.status < 200) throw malformed('the server switches to another protocol');
    this.#body = bodyReaderFor(head, this.#request.isHead, this.#request.maxHeaderSize);
    this.#head = head;
    this.#listener?.onHead(head);
    return this.#headReader.rest;
  }

  #onPart(part: Buffer): void {
    if (!this.#listener || this.#listener.onData(part) || !this.#listener) return;
    // While paused there is no time-out.
    clearTimeout(this.#timer);
    this.#connection.socket.pause();
  }

  /** `isExact`: no bytes followed the response. */
  #complete(isExact: boolean): void {
    const listener = this.#finish();
    if (!listener) return;
    const head = this.#head as ResponseHead;
    const canStayOpen = isExact && this.#canStayOpen(head);
    if (!canStayOpen) this.#connection.destroy();
    else if (this.#keeps) this.#connection.hold();
    else releaseConnection(this.#connection, head);
    listener.onEnd(canStayOpen && this.#keeps ? this.#connection : undefined);
  }

  #canStayOpen(head: ResponseHead): boolean {
    const { body, closes } = this.#request;
    if (closes || this.#isSending || this.#connection.socket.writableLength > 0) return false;
    // A server that rejects a body may not read it, although this process has sent all of it.
    if (body && body.length > MAX_UNREAD && head.status >= 300) return false;
    return canStayOpen(head, this.#body as BodyReader);
  }

  #fail(error: Error | undefined): void {
    const isUsed = this.#connection.uses > 0;
    const listener = this.#finish();
    this.#connection.destroy();
    const failed = {
      hasBytes: this.#received > 0,
      hasHead: this.#head !== undefined,
      peer: this.#connection.peer,
    };
    const progress = !isUsed || failed.hasBytes ? 'answered' : this.#isWritten ? 'sent' : 'unsent';
    listener?.onFail(exchangeFailure(error, failed), progress);
  }

  #finish(): ExchangeListener | undefined {
    clearTimeout(this.#timer);
    this.#connection.detach();
    inboundOf(this.#connection.socket)?.setLending(false);
    const listener = this.#listener;
    this.#listener = undefined;
    return listener;
  }

  /** Writes the parts in turn; each restarts the send time-out. */
  #writePart(body: Buffer, start: number): void {
    const end = Math.min(start + PART, body.length);
    this.#connection.socket.write(body.subarray(start, end), (error) => {
      if (error || !this.#listener) return;
      if (end < body.length) {
        if (this.#isSending) this.#timer?.refresh();
        this.#writePart(body, end);
      } else {
        this.#startReceiving();
      }
      this.#listener.onSent(end, body.length);
    });
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
      listener?.onFail(timedOut(what, limit), 'answered');
    });
  }
}
