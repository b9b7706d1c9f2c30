/** One request and its response on one connection. */
import type { WinwireError } from '../../errors.ts';
import { type BodyReader, bodyReaderFor, canStayOpen } from '../../http1/body-reader.ts';
import { HeadReader } from '../../http1/head-reader.ts';
import { MessageError, malformed } from '../../http1/message-error.ts';
import type { ResponseHead } from '../../http1/response-head.ts';
import { type Connection, type ConnectionReader, giveBack } from './http-connection.ts';
import { inboundOf } from './inbound.ts';
import { startLimit, type Timeouts } from './timeouts.ts';
import { exchangeFailure, timedOut } from './transport-failure.ts';
import { isLarge, PART } from './wire-body.ts';

/** What an exchange tells. After `onEnd` or `onFail` nothing more comes, and after `cancel` nothing at all. */
export interface ExchangeListener {
  onHead(head: ResponseHead): void;
  /** False to pause: what has been read already still comes, the rest after `resume`. */
  onData(chunk: Buffer): boolean;
  onEnd(): void;
  /** `reach`: how far the request got if a connection that was kept alive brought no byte of an answer. */
  onFail(error: WinwireError, reach: Reach): void;
  onSent(sent: number, total: number): void;
}

/**
 * Of a request that failed: `answered` or on a new connection; `sent` on a connection that was kept alive and brought no
 * byte back; `unsent` on one that had gone before a byte was written.
 */
export type Reach = 'answered' | 'sent' | 'unsent';

interface ExchangeRequest {
  readonly head: string;
  readonly isHead: boolean;
  readonly body: Buffer | undefined;
  /** The connection is not to be kept. */
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

  /** Closes the connection; nothing is told any more. */
  cancel(): void {
    this.#finish();
    this.#connection.destroy();
  }

  /** More data is wanted. */
  resume(): void {
    if (!this.#listener || !this.#connection.socket.isPaused()) return;
    this.#startReceiving();
    this.#connection.socket.resume();
  }

  /** The rest of the body is looked at while it is told, and not kept: it need not be copied for that. */
  lend(): void {
    inboundOf(this.#connection.socket)?.setLending(true);
  }

  /** While referenced, the connection keeps the process alive. */
  setRef(isReferenced: boolean): void {
    if (isReferenced) this.#connection.socket.ref();
    else this.#connection.socket.unref();
  }

  // The connection's side

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

  /** The bytes behind the head, once that is complete. */
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
    // Nothing can time out while nobody wants it to come.
    clearTimeout(this.#timer);
    this.#connection.socket.pause();
  }

  /** `isExact`: nothing came behind the response. */
  #complete(isExact: boolean): void {
    const listener = this.#finish();
    if (!listener) return;
    const head = this.#head as ResponseHead;
    if (isExact && this.#canStayOpen(head)) giveBack(this.#connection, head);
    else this.#connection.destroy();
    listener.onEnd();
  }

  #canStayOpen(head: ResponseHead): boolean {
    const { body, closes } = this.#request;
    if (closes || this.#isSending || this.#connection.socket.writableLength > 0) return false;
    // Whoever refuses a large body may not read it, though all of it has left this process.
    if (body && isLarge(body) && head.status >= 300) return false;
    return canStayOpen(head, this.#body as BodyReader);
  }

  #fail(error: Error | undefined): void {
    const isUsed = this.#connection.uses > 0;
    const listener = this.#finish();
    this.#connection.destroy();
    const hasBytes = this.#received > 0;
    const reach = !isUsed || hasBytes ? 'answered' : this.#isWritten ? 'sent' : 'unsent';
    listener?.onFail(exchangeFailure(error, { hasBytes, hasHead: this.#head !== undefined }), reach);
  }

  #finish(): ExchangeListener | undefined {
    clearTimeout(this.#timer);
    this.#connection.detach();
    inboundOf(this.#connection.socket)?.setLending(false);
    const listener = this.#listener;
    this.#listener = undefined;
    return listener;
  }

  /** One part after the other has left this process: with each the limit for sending begins anew. */
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
