/**
 * Keeps quiet connections alive and notices dead ones. After an interval without a sign of life a ping goes out; after a
 * further one without an answer the peer is dead. Time counts only while the peer could be heard: not while reading is
 * paused, and for the answer only once the system has taken the ping. The component has no timer (Microsoft,
 * WEB_SOCKET_PROPERTY_TYPE enumeration, KEEPALIVE_INTERVAL).
 */
import { AsyncResource } from 'node:async_hooks';
import { startLimit } from '../../time-limit.ts';

export interface KeepAliveListener {
  /** Whether reading is paused. */
  readonly isPaused: boolean;
  /** No sign of life for an interval: sends a ping. The promise settles when the system has taken it. */
  quiet(): Promise<void>;
  /** No answer within a further interval. */
  dead(): void;
}

export class KeepAlive {
  readonly #listener: KeepAliveListener;
  readonly #round: Round | undefined;
  // The tick that time counts from: a sign of life, or the system taking the ping.
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

  /** The peer gave a sign of life: bytes of it came, or it may be heard again. */
  heard(): void {
    if (this.#round === undefined) return;
    this.#since = this.#round.now;
    this.#ping = 'none';
  }

  /** The time for {@link wasTaken}, in ticks. */
  get now(): number {
    return this.#round?.now ?? 0;
  }

  /**
   * The system has taken bytes that were written at `since`. After a wait of more than a tick they had to wait for the
   * peer to read, which is a sign of life.
   */
  wasTaken(since: number): void {
    if (this.now > since + 1) this.heard();
  }

  stop(): void {
    this.#round?.leave(this, this.#due);
  }

  /** The tick is due. */
  tick(now: number): void {
    if (this.#listener.isPaused) this.heard();
    if (this.#since + SLOTS > now) {
      this.#waitUntil(this.#since + SLOTS);
    } else if (this.#ping === 'taken') {
      this.#listener.dead();
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
    // A ping that cannot be sent ends the connection, and this with it.
    this.#listener.quiet().then(taken, taken);
  }

  #waitUntil(due: number): void {
    this.#due = due;
    this.#round?.join(this, due);
  }
}

/** Ticks of an interval. The pings of ten thousand connections are spread over them. */
const SLOTS = 16;

/** A timer keeps the async context that it was started in, which must not be that of one connection. */
const context = new AsyncResource('winwire.KeepAlive');

/** The connections of one interval share a timer, which ticks {@link SLOTS} times an interval. */
class Round {
  static readonly #rounds = new Map<number, Round>();

  static of(interval: number): Round {
    const round = Round.#rounds.get(interval) ?? new Round(interval);
    Round.#rounds.set(interval, round);
    return round;
  }

  readonly #interval: number;
  // One more than an interval has: those that are due in a whole interval do not join the slot that is being emptied.
  readonly #slots = Array.from({ length: SLOTS + 1 }, () => new Set<KeepAlive>());
  readonly #timer: NodeJS.Timeout | undefined;
  #size = 0;
  /** Ticks so far. */
  now = 0;

  private constructor(interval: number) {
    this.#interval = interval;
    this.#timer = context.runInAsyncScope(() => startLimit(interval / SLOTS, () => this.#tick()));
  }

  /** Calls the member's `tick` at the tick `due`, which is at most an interval away. */
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
