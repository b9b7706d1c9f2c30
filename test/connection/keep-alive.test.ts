// What a quiet connection does by itself, by a clock that the test moves and by a real one.
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { KeepAlive } from '../../lib/connection/keep-alive.ts';
import { availableBackends } from '../helpers/backends.ts';
import { openPair } from './pair.ts';

const INTERVAL = 32_000;

/** Notes what it is told, and when. */
class Listener {
  readonly told: [what: 'quiet' | 'dead', at: number][] = [];

  quiet(): void {
    this.told.push(['quiet', Date.now()]);
  }

  dead(): void {
    this.told.push(['dead', Date.now()]);
  }

  get words(): string[] {
    return this.told.map(([what]) => what);
  }
}

describe('keep-alive', () => {
  const members: KeepAlive[] = [];
  const keepAlive = (interval: number, listener: Listener) => {
    const member = new KeepAlive(interval, listener);
    members.push(member);
    return member;
  };

  beforeEach(() => {
    vi.useFakeTimers({ now: 0 });
  });
  afterEach(() => {
    for (const member of members.splice(0)) member.stop();
    vi.advanceTimersByTime(2 * INTERVAL);
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  it('says quiet after an interval without a byte, and dead after another', () => {
    const listener = new Listener();
    keepAlive(INTERVAL, listener);
    vi.advanceTimersByTime(INTERVAL);
    expect(listener.words).toEqual([]);
    vi.advanceTimersByTime(INTERVAL);
    expect(listener.words).toEqual(['quiet']);
    vi.advanceTimersByTime(INTERVAL);
    expect(listener.words).toEqual(['quiet', 'dead']);
  });

  it('says nothing while bytes come', () => {
    const listener = new Listener();
    const member = keepAlive(INTERVAL, listener);
    for (let time = 0; time < 10 * INTERVAL; time += INTERVAL / 2) {
      vi.advanceTimersByTime(INTERVAL / 2);
      member.heard();
    }
    expect(listener.words).toEqual([]);
  });

  it('says quiet again when bytes came after the first time', () => {
    const listener = new Listener();
    const member = keepAlive(INTERVAL, listener);
    vi.advanceTimersByTime(2 * INTERVAL);
    member.heard();
    vi.advanceTimersByTime(2 * INTERVAL);
    expect(listener.words).toEqual(['quiet', 'quiet']);
  });

  it('says nothing once it was stopped, twice too', () => {
    const listener = new Listener();
    const member = keepAlive(INTERVAL, listener);
    vi.advanceTimersByTime(2 * INTERVAL);
    member.stop();
    member.stop();
    vi.advanceTimersByTime(10 * INTERVAL);
    expect(listener.words).toEqual(['quiet']);
  });

  it.each([1, INTERVAL / 2 - 1, INTERVAL - 1])('is never early for one that began %i ms after another', (later) => {
    const first = new Listener();
    keepAlive(INTERVAL, first);
    vi.advanceTimersByTime(later);
    const second = new Listener();
    keepAlive(INTERVAL, second);
    vi.advanceTimersByTime(4 * INTERVAL);
    const [, quietAt] = second.told[0] as [string, number];
    const [, deadAt] = second.told[1] as [string, number];
    expect(second.words.slice(0, 2)).toEqual(['quiet', 'dead']);
    expect(quietAt - later).toBeGreaterThanOrEqual(INTERVAL);
    expect(quietAt - later).toBeLessThanOrEqual(2 * INTERVAL);
    expect(deadAt - quietAt).toBe(INTERVAL);
  });

  it('does not look at all at once', () => {
    const listeners: Listener[] = [];
    for (let began = 0; began < INTERVAL; began += INTERVAL / 64) {
      const listener = new Listener();
      listeners.push(listener);
      keepAlive(INTERVAL, listener);
      vi.advanceTimersByTime(INTERVAL / 64);
    }
    vi.advanceTimersByTime(2 * INTERVAL);
    const times = new Set(listeners.map(({ told }) => told[0]?.[1]));
    expect(times.size).toBeGreaterThanOrEqual(15);
  });

  it('keeps intervals apart', () => {
    const [short, long] = [new Listener(), new Listener()];
    keepAlive(INTERVAL / 4, short);
    keepAlive(INTERVAL, long);
    vi.advanceTimersByTime(INTERVAL);
    expect(short.words.slice(0, 2)).toEqual(['quiet', 'dead']);
    expect(long.words).toEqual([]);
  });

  it('one that stops another in the same turn is the last to be told', () => {
    const listeners = [new Listener(), new Listener()];
    const [first, second] = listeners.map((listener) => keepAlive(INTERVAL, listener));
    (listeners[0] as Listener).quiet = () => second?.stop();
    vi.advanceTimersByTime(4 * INTERVAL);
    expect(listeners[1]?.words).toEqual([]);
    first?.stop();
  });

  it('has no timer for an interval that never ends', () => {
    const listener = new Listener();
    keepAlive(Number.POSITIVE_INFINITY, listener);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe.each(availableBackends)('the keepAlive option on %s', (backend) => {
  it.each(['client', 'server'] as const)('of a %s pings a quiet peer, which answers', async (side) => {
    await using pair = await openPair(backend, { [side]: { keepAlive: 20 } });
    const peer = side === 'client' ? pair.server : pair.client;
    while (pair[side].statistics.pongsReceived < 2) await once(pair[side], 'pong');
    expect(peer.statistics.pingsAnswered).toBeGreaterThanOrEqual(2);
    expect(pair[side].state).toBe('open');
  });

  it('gives up a peer that does not answer, with a time-out', async () => {
    await using pair = await openPair(backend, { client: { keepAlive: 20 }, server: { keepAlive: false } });
    pair.socket.pause();
    const received = pair.client.receive();
    await expect(received).rejects.toMatchObject({ code: 'ERR_WEBSOCKET_TIMEOUT' });
    expect(await pair.client.closed).toMatchObject({ code: 1006, wasClean: false });
  });

  it('false: no ping is sent', async () => {
    await using pair = await openPair(backend, { client: { keepAlive: false }, server: { keepAlive: 20 } });
    while (pair.server.statistics.pongsReceived < 2) await once(pair.server, 'pong');
    expect(pair.server.statistics.pingsAnswered).toBe(0);
  });
});
