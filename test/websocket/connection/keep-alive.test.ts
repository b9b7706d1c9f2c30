import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadNative } from '../../../lib/native.ts';
import { KeepAlive } from '../../../lib/websocket/connection/keep-alive.ts';
import { WebSocketConnection } from '../../../lib/websocket/connection/websocket-connection.ts';
import { availableBackends } from '../../helpers/backends.ts';
import { pong, RawPeer } from '../../interop/raw-peer.ts';
import { acceptedOver, connectedOver, cuttingPair } from './in-memory.ts';
import { next, openPair } from './pair.ts';

const INTERVAL = 16_000;

/** From now on only the test advances the time. */
const holdTime = () => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });

/** After an interval without received bytes a ping is sent. */
const letQuietPass = () => vi.advanceTimersByTime(INTERVAL);

afterEach(() => {
  if (!vi.isFakeTimers()) return;
  // The shared timer of an interval ends in the tick after its last connection.
  vi.advanceTimersByTime(INTERVAL);
  vi.useRealTimers();
});

/** A connection to a peer that the test controls. */
async function withPeer(options: { backend: (typeof availableBackends)[number]; keepAlive: number | false }) {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const accepted = new Promise<WebSocketConnection>((resolve, reject) => {
    server.on('upgrade', (request, socket, head) => {
      WebSocketConnection.accept(request, socket, head, options).then(resolve, reject);
    });
  });
  const peer = await RawPeer.open((server.address() as AddressInfo).port);
  server.close();
  return { connection: await accepted, peer };
}

/** A connection over a transport in memory, to which nothing else refers. */
async function droppedConnection(backend: (typeof availableBackends)[number]): Promise<WeakRef<WebSocketConnection>> {
  const [left, right] = cuttingPair([1000]);
  const options = { backend, keepAlive: false } as const;
  const [connection] = await Promise.all([acceptedOver(left, options), connectedOver(right, options)]);
  await nextTurn();
  return new WeakRef(connection);
}

describe.each(availableBackends)('keepAlive on %s', (backend) => {
  it('pings a silent peer, and fails the connection when it stays silent', async () => {
    const { connection, peer } = await withPeer({ backend, keepAlive: 20 });
    const waiting = connection.receive();
    await expect(waiting).rejects.toMatchObject({ name: 'ConnectionError', code: 'ERR_WEBSOCKET_TIMEOUT' });
    expect(await connection.closed).toEqual({ code: 1006, reason: '', wasClean: false });
    expect(await peer.readFrame()).toMatchObject({ opcode: 9, fin: true });
    expect(await peer.readFrame()).toBeUndefined();
    peer.destroy();
  });

  it('keeps a connection whose peer answers, and reports those pongs only to listeners', async () => {
    holdTime();
    const { connection, peer } = await withPeer({ backend, keepAlive: INTERVAL });
    for (let round = 0; round < 2; round++) {
      const told = next(connection, 'pong');
      letQuietPass();
      const ping = await peer.readFrame();
      expect(ping?.opcode).toBe(9);
      peer.write(pong(ping?.payload));
      expect((await told)[0]).toEqual(ping?.payload);
    }
    expect(connection.state).toBe('open');
    expect(connection.statistics).toMatchObject({ pongsReceived: 2, messagesReceived: 0 });
    connection.abort();
    peer.destroy();
  });

  it('does not keep an unreferenced connection alive when it is off', async () => {
    const before = loadNative().openHandleCount();
    const dropped = await droppedConnection(backend);
    // Sockets of earlier tests may take many turns to close; their connections share a keeper with this one.
    for (let turns = 0; turns < 2000 && loadNative().openHandleCount() > before; turns++) {
      await nextTurn();
      globalThis.gc?.();
    }
    expect(dropped.deref()).toBeUndefined();
    expect(loadNative().openHandleCount()).toBe(before);
  });

  it('never pings when it is off', async () => {
    holdTime();
    await using quiet = await openPair(backend, { client: { keepAlive: false }, server: { keepAlive: INTERVAL } });
    const answered = next(quiet.server, 'pong');
    letQuietPass();
    await answered;
    expect(quiet.server.statistics.pingsAnswered).toBe(0);
  });

  it('keeps a peer while a slow consumer has paused reading', async () => {
    holdTime();
    await using pair = await openPair(backend, { client: { keepAlive: 300 }, server: { keepAlive: false } });
    const { client, server } = pair;
    // More than the high-water mark, so that the client stops reading; it takes the first message "slowly".
    const sent = Array.from({ length: 8 }, (_, index) => server.send(Buffer.alloc(1 << 20, index)));
    await client.receive();
    while (client.statistics.messagesReceived < 3) await nextTurn();
    await vi.advanceTimersByTimeAsync(3000);
    expect(client.state).toBe('open');
    for (let count = 1; count < 8; count++) expect(await client.receive()).toHaveLength(1 << 20);
    await Promise.all(sent);
  });
});

describe('KeepAlive', () => {
  // A different one for each test: connections with equal intervals share a timer, but each test has a new clock.
  let interval = 1600;
  let tick = 0;
  beforeEach(() => {
    interval += 16;
    tick = interval / 16;
    vi.useFakeTimers();
  });
  afterEach(() => void vi.useRealTimers());

  /**
   * A keep-alive whose pings are accepted at once unless `takes` says otherwise; records its calls with their times.
   */
  function watched(takes: () => Promise<void> = async () => {}) {
    const start = Date.now();
    const told: string[] = [];
    const listener = {
      isPaused: false,
      onIdle: () => {
        told.push(`ping ${Date.now() - start}`);
        return takes();
      },
      onPeerDead: () => void told.push(`dead ${Date.now() - start}`),
    };
    return { keepAlive: new KeepAlive(interval, listener), listener, told };
  }

  const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

  it('stops the timer of an interval with its last connection', async () => {
    const [first, second] = [watched().keepAlive, watched().keepAlive];
    expect(vi.getTimerCount()).toBe(1);
    first.stop();
    await pass(interval);
    expect(vi.getTimerCount()).toBe(1);
    second.stop();
    await pass(interval);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('pings after an interval and reports a dead peer after two', async () => {
    const { told } = watched();
    await pass(5 * interval);
    expect(told).toEqual([`ping ${interval}`, `dead ${2 * interval}`]);
  });

  it('counts from the last received bytes, anywhere in an interval', async () => {
    const { keepAlive, told } = watched();
    await pass(interval - tick);
    keepAlive.peerActive();
    await pass(5 * interval);
    expect(told).toEqual([`ping ${2 * interval - tick}`, `dead ${3 * interval - tick}`]);
  });

  it('restarts when the peer answers the ping', async () => {
    const { keepAlive, told } = watched();
    await pass(interval + tick);
    keepAlive.peerActive();
    await pass(interval);
    expect(told).toEqual([`ping ${interval}`, `ping ${2 * interval + tick}`]);
    keepAlive.stop();
  });

  it('counts no time while reading is paused', async () => {
    const { keepAlive, listener, told } = watched();
    listener.isPaused = true;
    await pass(10 * interval);
    expect(told).toEqual([]);
    listener.isPaused = false;
    keepAlive.peerActive();
    await pass(2 * interval);
    expect(told).toEqual([`ping ${11 * interval}`, `dead ${12 * interval}`]);
  });

  it('counts the time for an answer from when the system has accepted the ping', async () => {
    let take = () => {};
    const { told } = watched(() => new Promise((resolve) => (take = resolve)));
    await pass(10 * interval);
    expect(told).toEqual([`ping ${interval}`]);
    take();
    await pass(interval - tick);
    expect(told).toHaveLength(1);
    await pass(tick);
    expect(told[1]).toBe(`dead ${11 * interval}`);
  });

  it('treats a write that had to wait as a sign of life, but not one accepted at once', async () => {
    const { keepAlive, told } = watched();
    const early = keepAlive.now;
    await pass(interval);
    keepAlive.onWritten(keepAlive.now);
    keepAlive.onWritten(keepAlive.now - 1);
    await pass(interval - tick);
    keepAlive.onWritten(early);
    await pass(2 * interval);
    expect(told).toEqual(
      [interval, 3 * interval - tick].map((time) => `ping ${time}`).concat(`dead ${4 * interval - tick}`),
    );
  });

  it('gives a peer up although the system took a write within a tick', async () => {
    const { keepAlive, told } = watched();
    await pass(interval);
    keepAlive.onWritten(keepAlive.now - 1);
    await pass(interval);
    expect(told).toEqual([`ping ${interval}`, `dead ${2 * interval}`]);
  });

  it('does not ping a stopped connection', async () => {
    const [first, second] = [watched(), watched()];
    first.keepAlive.stop();
    await pass(3 * interval);
    expect([first.told, second.told.length]).toEqual([[], 2]);
  });
});
