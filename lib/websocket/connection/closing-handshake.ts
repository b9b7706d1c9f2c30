/** The closing handshake of one connection, from OPEN to CLOSED. Source: RFC 6455 section 7. */
import type { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import { type CloseInfo, CloseStatus } from '../../close-codes.ts';
import { startLimit } from '../../time-limit.ts';
import { LINGER } from './close-status.ts';
import type { ConnectionEvents } from './connection-types.ts';
import { emitSafely } from './emit.ts';
import type { CloseSink } from './native-pump.ts';
import type { Outbox } from './outbox.ts';
import type { TransportListener } from './transport.ts';

/**
 * - `OPEN`: neither side has sent a close.
 * - `CLOSE_SENT`: this side has; waits for the peer's close until the close time-out.
 * - `CLOSE_RECEIVED`: the peer has; the answer is not sent yet.
 * - `LINGERING`: both have; waits for the end of the transport.
 * - `CLOSED`: the connection has ended, with or without a closing handshake.
 */
export type ClosingState = 'OPEN' | 'CLOSE_SENT' | 'CLOSE_RECEIVED' | 'LINGERING' | 'CLOSED';

/** The connection, as its closing handshake uses it. */
type ClosingConnection = EventEmitter<ConnectionEvents> & { readonly role: 'client' | 'server' };

const NO_REASON = Buffer.alloc(0);

/** Sends, receives and times the closes of a connection. */
export class ClosingHandshake implements CloseSink {
  readonly #connection: ClosingConnection;
  readonly #outbox: Outbox;
  readonly #transport: Duplex;
  readonly #timeout: number;
  readonly #listener: Pick<TransportListener, 'ended'>;
  #state: ClosingState = 'OPEN';
  #timer: NodeJS.Timeout | undefined;
  // The peer's close; in CLOSED the result of the connection.
  #info: CloseInfo | undefined;
  // Created on first use.
  #closed: Promise<CloseInfo> | undefined;
  #resolveClosed: ((info: CloseInfo) => void) | undefined;

  /** `timeout` limits the time from a sent close to the end of the transport, in milliseconds. */
  constructor(
    connection: ClosingConnection,
    outbox: Outbox,
    transport: Duplex,
    timeout: number,
    listener: Pick<TransportListener, 'ended'>,
  ) {
    this.#connection = connection;
    this.#outbox = outbox;
    this.#transport = transport;
    this.#timeout = timeout;
    this.#listener = listener;
  }

  get state(): ClosingState {
    return this.#state;
  }

  get isClosed(): boolean {
    return this.#state === 'CLOSED';
  }

  /** Whether frames may be sent: no close was sent. */
  get canSend(): boolean {
    return this.#state === 'OPEN' || this.#state === 'CLOSE_RECEIVED';
  }

  /** The peer's close if both sides have sent one. */
  get completed(): CloseInfo | undefined {
    return this.#state === 'LINGERING' ? this.#info : undefined;
  }

  /** Settles in CLOSED; never rejects. */
  get closed(): Promise<CloseInfo> {
    this.#closed ??= new Promise((resolve) => {
      this.#resolveClosed = resolve;
      if (this.isClosed) resolve(this.#info as CloseInfo);
    });
    return this.#closed;
  }

  /** Sends a close unless one was sent; without `status` the frame has no payload. */
  send(status: number | undefined, reason: Buffer): void {
    if (!this.canSend) return;
    this.#state = this.#state === 'OPEN' ? 'CLOSE_SENT' : 'LINGERING';
    void this.#outbox.sendClose(status, reason);
    this.#endTransportAfter(this.#timeout);
  }

  /**
   * Handles the peer's close. The component does not answer it; RFC 6455 section 5.5.1 requires the status to be
   * echoed.
   */
  closeReceived(code: number, reason: string): void {
    this.#info = { code, reason, wasClean: true };
    this.#state = this.#state === 'OPEN' ? 'CLOSE_RECEIVED' : 'LINGERING';
    emitSafely(this.#connection, 'closing', code, reason);
    // A listener may have closed or aborted the connection.
    this.send(code === CloseStatus.EMPTY ? undefined : code, NO_REASON);
    if (this.isClosed) return;
    this.#outbox.flush();
    if (this.#connection.role === 'server') this.#transport.end();
    else this.#endTransportAfter(this.lingerTime);
  }

  /** How long the peer may take to end the transport, in milliseconds. */
  get lingerTime(): number {
    return Math.min(LINGER, this.#timeout);
  }

  /** Enters CLOSED. */
  end(info: CloseInfo): void {
    this.#state = 'CLOSED';
    this.#info = info;
    clearTimeout(this.#timer);
    this.#resolveClosed?.(info);
  }

  /** Treats a transport that lasts longer as ended. */
  #endTransportAfter(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = startLimit(milliseconds, () => this.#listener.ended());
  }
}
