/**
 * Keeps quiet connections alive and notices dead ones: after an interval without a byte from the peer a ping goes out,
 * after another one the connection is given up. The component has no timer of its own (Microsoft,
 * WEB_SOCKET_PROPERTY_TYPE enumeration, KEEPALIVE_INTERVAL).
 */
import { AsyncResource } from 'node:async_hooks';
import { startLimit } from '../../time-limit.ts';

export interface KeepAliveListener {
  /** Nothing came for an interval: time to ping. */
  quiet(): void;
  /** Nor for another one. */
  dead(): void;
}

export class KeepAlive {
  readonly #listener: KeepAliveListener;
  readonly #turn: Set<KeepAlive> | undefined;
  #heard = true;
  #pinged = false;

  /** `interval` in milliseconds; `Infinity` for none. */
  constructor(interval: number, listener: KeepAliveListener) {
    this.#listener = listener;
    if (interval !== Number.POSITIVE_INFINITY) this.#turn = Round.of(interval).join(this);
  }

  /** Bytes came from the peer. */
  heard(): void {
    this.#heard = true;
  }

  stop(): void {
    this.#turn?.delete(this);
  }

  /** An interval has gone by since the last look. */
  look(): void {
    if (!this.#heard && this.#pinged) {
      this.#listener.dead();
      return;
    }
    this.#pinged = !this.#heard;
    if (this.#pinged) this.#listener.quiet();
    this.#heard = false;
  }
}

/** So many turns has a round: the pings of ten thousand connections do not go out all at once. */
const TURNS = 16;

/** What a timer remembers is the context that it was started in, which is not to be that of some connection. */
const context = new AsyncResource('winwire.KeepAlive');

/** The connections of one interval share a timer. Each is looked at once a round, in its turn. */
class Round {
  static readonly #rounds = new Map<number, Round>();

  static of(interval: number): Round {
    const round = Round.#rounds.get(interval) ?? new Round(interval);
    Round.#rounds.set(interval, round);
    return round;
  }

  readonly #interval: number;
  readonly #turns = Array.from({ length: TURNS }, () => new Set<KeepAlive>());
  readonly #timer: NodeJS.Timeout | undefined;
  #next = 0;

  private constructor(interval: number) {
    this.#interval = interval;
    this.#timer = context.runInAsyncScope(() => startLimit(interval / TURNS, () => this.#tick()));
  }

  /** To the turn that has just been, so that the first look is the longest away. */
  join(member: KeepAlive): Set<KeepAlive> {
    const turn = this.#turns.at(this.#next - 1) as Set<KeepAlive>;
    return turn.add(member);
  }

  #tick(): void {
    const turn = this.#turns[this.#next] as Set<KeepAlive>;
    this.#next = (this.#next + 1) % TURNS;
    for (const member of turn) member.look();
    if (this.#turns.every(({ size }) => size === 0)) Round.#rounds.delete(this.#interval);
    else this.#timer?.refresh();
  }
}
