/** Pings and pongs of a connection, in both directions. Source: RFC 6455 sections 5.5.2 and 5.5.3. */
import type { EventEmitter } from 'node:events';
import * as channels from '../../diagnostics/websocket-channels.ts';
import { TOO_MANY_PINGS } from './close-status.ts';
import type { ConnectionEvents } from './connection-types.ts';
import { emitSafely } from './emit.ts';
import type { RefusalListener } from './incoming-messages.ts';
import type { PingSink } from './native-pump.ts';
import type { Outbox } from './outbox.ts';

interface Waiter {
  readonly started: number;
  resolve(elapsed: number): void;
  reject(error: unknown): void;
}

export class Pings implements PingSink {
  readonly #connection: EventEmitter<ConnectionEvents>;
  readonly #outbox: Outbox;
  readonly #listener: RefusalListener;
  // Created for the first ping that waits for its pong.
  #waiters: Waiter[] | undefined;
  /** Number of the peer's answered pings, and of its pongs. */
  answered = 0;
  pongsReceived = 0;

  constructor(connection: EventEmitter<ConnectionEvents>, outbox: Outbox, listener: RefusalListener) {
    this.#connection = connection;
    this.#outbox = outbox;
    this.#listener = listener;
  }

  /** Sends a ping; resolves when the transport has accepted it. */
  send(): Promise<void> {
    const sent = this.#outbox.sendPing();
    channels.publishPingSent(this.#connection);
    return sent;
  }

  /** Sends a ping and resolves with the milliseconds until a pong. */
  measure(): Promise<number> {
    this.#waiters ??= [];
    const waiters = this.#waiters;
    const pong = new Promise<number>((resolve, reject) => {
      waiters.push({ started: performance.now(), resolve, reject });
    });
    // A caller may send a ping without awaiting it; `closed` and `error` report the connection's end.
    pong.catch(() => {});
    void this.send();
    return pong;
  }

  /** A pong does not say which ping it answers, so it answers the oldest. */
  pongReceived(payload: Buffer): void {
    this.pongsReceived++;
    channels.publishPongReceived(this.#connection, payload);
    const waiter = this.#waiters?.shift();
    waiter?.resolve(performance.now() - waiter.started);
    if (this.#connection.listenerCount('pong') > 0) emitSafely(this.#connection, 'pong', payload);
  }

  /** The handle has answered pings: `bytes` are the pongs. */
  pingsReceived(bytes: Buffer, count: number): void {
    this.answered += count;
    channels.publishPingsReceived(this.#connection, count);
    if (!this.#outbox.writePongs(bytes, count)) this.#listener.refused(TOO_MANY_PINGS);
  }

  /** Rejects the waiting pings. */
  fail(error: unknown): void {
    for (const waiter of this.#waiters?.splice(0) ?? []) waiter.reject(error);
  }
}
