/**
 * Keeps idle connections open and detects dead peers. After an interval without received bytes a ping is sent; after a
 * further interval without an answer the peer is considered dead. Time does not count while reading is paused and, for
 * the answer, before the system has accepted the ping. The component has no timer (Microsoft, WEB_SOCKET_PROPERTY_TYPE
 * enumeration, KEEPALIVE_INTERVAL).
 */
import { AsyncResource } from 'node:async_hooks';
import { startLimit } from '../../time-limit.ts';

export interface KeepAliveListener {
  /** Whether reading is paused. */
  readonly isPaused: boolean;
  /** No bytes were received for an interval: sends a ping. The promise settles when the system has accepted it. */
  onIdle(): Promise<void>;
  /** No answer within a further interval: the peer is dead. */
  onPeerDead(): void;
}

export class KeepAlive {
  readonly #listener: KeepAliveListener;
  readonly #round: Round | undefined;
  // The tick from which time counts: the last received bytes, or when the system accepted the ping.
  #since = 0;
  #due = 0;
  #ping: 'none' | 'queued' | 'taken' = 'none';

  /** `interval` in milliseconds; `Infinity` disables keep-alive. */
  constructor(interval: number, listener: KeepAliveListener) {
    this.#listener = listener;
    if (interval === Number.POSITIVE_INFINITY) return;
    this.#round = Round.of(interval);
    this.#since = this.#round.now;
    this.#waitUntil(this.#since + SLOTS);
  }

  /** Restarts the interval: bytes were received, or reading has resumed. */
  peerActive(): void {
    if (this.#round === undefined) return;
    this.#since = this.#round.now;
    this.#ping = 'none';
  }

  /** The time for {@link onWritten}, in ticks. */
  get now(): number {
    return this.#round?.now ?? 0;
  }

  /**
   * The system has accepted bytes written at `since`. If that took more than a tick, it waited for the peer to read, so
   * the peer is alive.
   */
  onWritten(since: number): void {
    if (this.now > since + 1) this.peerActive();
  }

  stop(): void {
    this.#round?.leave(this, this.#due);
  }

  /** Called when this connection's tick is due. */
  tick(now: number): void {
    if (this.#listener.isPaused) this.peerActive();
    if (this.#since + SLOTS > now) {
      this.#waitUntil(this.#since + SLOTS);
    } else if (this.#ping === 'taken') {
      this.#listener.onPeerDead();
    } else {
      if (this.#ping === 'none') this.#sendPing();
      this.#waitUntil(now + SLOTS);
    }
  }

  #sendPing(): void {
    this.#ping = 'queued';
    const taken = () => {
      if (this.#ping !== 'queued') return;
      this.#ping = 'taken';
      this.#since = this.now;
    };
    // A ping that cannot be sent ends the connection.
    this.#listener.onIdle().then(taken, taken);
  }

  #waitUntil(due: number): void {
    this.#due = due;
    this.#round?.join(this, due);
  }
}

/** Number of slots per interval: they spread the pings of ten thousand connections. */
const SLOTS = 16;

/** A timer keeps the async context that started it, which must not be that of one connection. */
const context = new AsyncResource('winwire.KeepAlive');

/** The connections with the same interval share a timer, which ticks {@link SLOTS} times per interval. */
class Round {
  static readonly #rounds = new Map<number, Round>();

  static of(interval: number): Round {
    const round = Round.#rounds.get(interval) ?? new Round(interval);
    Round.#rounds.set(interval, round);
    return round;
  }

  readonly #interval: number;
  // One more than an interval has, so that a connection that is due in a whole interval does not join the slot that is
  // being emptied.
  readonly #slots = Array.from({ length: SLOTS + 1 }, () => new Set<KeepAlive>());
  readonly #timer: NodeJS.Timeout | undefined;
  #size = 0;
  /** The current tick. */
  now = 0;

  private constructor(interval: number) {
    this.#interval = interval;
    this.#timer = context.runInAsyncScope(() => startLimit(interval / SLOTS, () => this.#tick()));
  }

  /** Calls the member's `tick` at the tick `due`, at most one interval ahead. */
  join(member: KeepAlive, due: number): void {
    this.#slotOf(due).add(member);
    this.#size++;
  }

  leave(member: KeepAlive, due: number): void {
    if (this.#slotOf(due).delete(member)) this.#size--;
  }

  #slotOf(due: number): Set<KeepAlive> {
    return this.#slots[due % this.#slots.length] as Set<KeepAlive>;
  }

  #tick(): void {
    this.now++;
    for (const member of this.#slotOf(this.now)) {
      this.leave(member, this.now);
      member.tick(this.now);
    }
    if (this.#size === 0) Round.#rounds.delete(this.#interval);
    else this.#timer?.refresh();
  }
}
