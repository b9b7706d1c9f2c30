import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { loadNative } from '../../../lib/native.ts';
import { KeepAlive } from '../../../lib/websocket/connection/keep-alive.ts';
import { WebSocketConnection } from '../../../lib/websocket/connection/websocket-connection.ts';
import { availableBackends } from '../../helpers/backends.ts';
import { pong, RawPeer } from '../../interop/raw-peer.ts';
import { acceptedOver, connectedOver, cuttingPair } from './in-memory.ts';
import { next, openPair } from './pair.ts';

/** Milliseconds in which a peer can answer, however busy the machine is. */
const ENOUGH = 250;

/** A connection to a peer that does as the test says. */
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

/** Its transport is in memory, and nothing but it refers to that. */
async function droppedConnection(backend: (typeof availableBackends)[number]): Promise<WeakRef<WebSocketConnection>> {
  const [left, right] = cuttingPair([1000]);
  const options = { backend, keepAlive: false } as const;
  const [connection] = await Promise.all([acceptedOver(left, options), connectedOver(right, options)]);
  await nextTurn();
  return new WeakRef(connection);
}

describe.each(availableBackends)('keepAlive on %s', (backend) => {
  it('pings a silent peer, and gives the connection up when it stays silent', async () => {
    const { connection, peer } = await withPeer({ backend, keepAlive: 20 });
    const waiting = connection.receive();
    await expect(waiting).rejects.toMatchObject({ name: 'ConnectionError', code: 'ERR_WEBSOCKET_TIMEOUT' });
    expect(await connection.closed).toEqual({ code: 1006, reason: '', wasClean: false });
    expect(await peer.readFrame()).toMatchObject({ opcode: 9, fin: true });
    expect(await peer.readFrame()).toBeUndefined();
    peer.destroy();
  });

  it('keeps a connection whose peer answers, and tells nobody of those pongs but listeners', async () => {
    const { connection, peer } = await withPeer({ backend, keepAlive: ENOUGH });
    for (let round = 0; round < 2; round++) {
      const told = next(connection, 'pong');
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

  it('holds no connection that everybody else has dropped, when it is off', async () => {
    const before = loadNative().openHandleCount();
    const dropped = await droppedConnection(backend);
    for (let turns = 0; turns < 100 && loadNative().openHandleCount() > before; turns++) {
      await nextTurn();
      globalThis.gc?.();
    }
    expect(dropped.deref()).toBeUndefined();
    expect(loadNative().openHandleCount()).toBe(before);
  });

  it('never pings when it is off', async () => {
    await using quiet = await openPair(backend, { client: { keepAlive: false }, server: { keepAlive: ENOUGH } });
    await next(quiet.server, 'pong');
    expect(quiet.server.statistics.pingsAnswered).toBe(0);
  });
});

describe('KeepAlive', () => {
  it('stops the timer of an interval with the last connection that has it', () => {
    vi.useFakeTimers();
    const ignored = { quiet() {}, dead() {} };
    const [first, second] = [new KeepAlive(777, ignored), new KeepAlive(777, ignored)];
    expect(vi.getTimerCount()).toBe(1);
    first.stop();
    vi.advanceTimersByTime(777);
    expect(vi.getTimerCount()).toBe(1);
    second.stop();
    vi.advanceTimersByTime(777);
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  /** What it asks for, round after round; `heard` says in which of them bytes came. */
  function asked(heard: readonly boolean[]): string[] {
    const told: string[] = [];
    const keepAlive = new KeepAlive(Number.POSITIVE_INFINITY, {
      quiet: () => told.push('ping'),
      dead: () => told.push('dead'),
    });
    for (const isHeard of heard) {
      if (isHeard) keepAlive.heard();
      told.push('|');
      keepAlive.look();
    }
    keepAlive.stop();
    return told;
  }

  it.each([
    ['is content while bytes come', [true, true, true], '|||'],
    ['gives what is new a whole interval', [false], '|'],
    ['pings once, then gives up', [false, false, false], '||ping|dead'],
    ['starts anew when bytes come behind a ping', [false, false, true, false, false], '||ping||ping|dead'],
  ] as const)('%s', (_, heard, expected) => {
    expect(asked(heard).join('')).toBe(expected);
  });

  it('looks at each that shares an interval, and at none that was stopped', async () => {
    const quiet: number[] = [];
    const members = await new Promise<KeepAlive[]>((resolve) => {
      const all = [0, 1, 2].map(
        (number) =>
          new KeepAlive(15, {
            quiet: () => quiet.push(number),
            dead: () => {
              if (number === 2) resolve(all);
            },
          }),
      );
      all[1]?.stop();
    });
    for (const member of members) member.stop();
    expect(quiet.slice(0, 2)).toEqual([0, 2]);
    expect(quiet).not.toContain(1);
  });
});
