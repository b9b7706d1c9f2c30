// abort() in every state of a connection, and at random moments of many.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { loadNative } from '../../../lib/native.ts';
import { WebSocketConnection } from '../../../lib/websocket/connection/websocket-connection.ts';
import { WebSocketServer } from '../../../lib/websocket/server/websocket-server.ts';
import { availableBackends } from '../../helpers/backends.ts';
import { next, openPair } from './pair.ts';

/** Returns reproducible random numbers (Mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

type Outcome = 'fulfilled' | 'rejected';

/** Counts how often each promise settles. */
function outcomes(promises: Promise<unknown>[]): Promise<Outcome[]> {
  return Promise.allSettled(promises).then((results) => results.map((result) => result.status));
}

describe.each(availableBackends)('WebSocketConnection.abort on %s', (backend) => {
  it('settles all pending promises if nothing has been sent yet', async () => {
    await using pair = await openPair(backend);
    const { client } = pair;
    const waits = [
      client.send('a'),
      client.send(Buffer.alloc(100_000)),
      client.receive(),
      client.ping(),
      client.close(),
    ];
    client.abort('why');
    expect(await outcomes(waits)).toEqual(['rejected', 'rejected', 'rejected', 'rejected', 'fulfilled']);
    expect(await client.closed).toEqual({ code: 1006, reason: '', wasClean: false });
  });

  it('ends a close that waits for the peer', async () => {
    await using pair = await openPair(backend);
    pair.socket.pause();
    const closing = pair.client.close(1000);
    pair.client.abort();
    expect(await closing).toEqual({ code: 1006, reason: '', wasClean: false });
  });

  it('works from a listener of each event', async () => {
    for (const event of ['message', 'pong', 'closing', 'close'] as const) {
      await using pair = await openPair(backend);
      pair.client.on(event, () => pair.client.abort());
      if (event === 'message')
        void pair.server
          .send('one')
          .then(() => pair.server.send('two'))
          .catch(() => {});
      if (event === 'pong') pair.client.ping().catch(() => {});
      if (event === 'closing' || event === 'close') void pair.server.close();
      await pair.client.closed;
      expect(pair.client.state).toBe('closed');
    }
  });

  it('emits no message after it, even if more have arrived', async () => {
    await using pair = await openPair(backend);
    const received: unknown[] = [];
    const aborted = new Promise<void>((resolve) => {
      pair.client.on('message', (message) => {
        received.push(message);
        pair.client.abort();
        resolve();
      });
    });
    for (const message of ['one', 'two', 'three']) pair.server.send(message).catch(() => {});
    await aborted;
    await pair.client.closed;
    expect(received).toEqual(['one']);
  });

  it('has no effect the second time, and after a close', async () => {
    await using pair = await openPair(backend);
    let closes = 0;
    pair.client.on('close', () => {
      closes++;
    });
    await pair.client.close();
    pair.client.abort();
    pair.client.abort();
    expect(await pair.client.closed).toMatchObject({ wasClean: true });
    expect(closes).toBe(1);
  });

  it('closes the transport as seen from the other side', async () => {
    await using pair = await openPair(backend);
    const ended = next(pair.socket, 'close');
    pair.client.abort();
    await ended;
    expect((await pair.server.closed).code).toBe(1006);
  });

  it('cancels connecting by its signal', async () => {
    const server = new WebSocketServer({ port: 0, verifyClient: () => new Promise<boolean>(() => {}) });
    await once(server, 'listening');
    const controller = new AbortController();
    const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const attempt = WebSocketConnection.connect(url, { backend, signal: controller.signal });
    controller.abort('no patience');
    await expect(attempt).rejects.toMatchObject({ name: 'AbortError', cause: 'no patience' });
    await expect(WebSocketConnection.connect(url, { backend, signal: controller.signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
    await server.close();
  });

  it('leaks nothing when 300 connections are aborted at random moments', async () => {
    const before = loadNative().openHandleCount();
    const server = new WebSocketServer({ port: 0, backend });
    server.on('connection', (connection) => {
      connection.on('message', (message) => void connection.send(message).catch(() => {}));
    });
    await once(server, 'listening');
    const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const choose = random(7);
    const settled: Promise<Outcome[]>[] = [];
    for (let group = 0; group < 10; group++) {
      const clients = await Promise.all(
        Array.from({ length: 30 }, () => WebSocketConnection.connect(url, { backend })),
      );
      for (const client of clients) {
        const waits: Promise<unknown>[] = [
          client.send(Buffer.alloc(choose() * 200_000)),
          client.receive(),
          client.ping(),
        ];
        if (choose() < 0.3) waits.push(client.close());
        settled.push(outcomes(waits));
        const moment = choose();
        if (moment < 0.3) client.abort();
        else if (moment < 0.6) setImmediate(() => client.abort());
        else waits[moment < 0.8 ? 0 : 2]?.finally(() => client.abort()).catch(() => {});
      }
      await Promise.all(clients.map((client) => client.closed));
    }
    expect((await Promise.all(settled)).length).toBe(300);
    await server.close();
    await Promise.all([...server.clients].map((connection) => connection.closed));
    expect(server.clients.size).toBe(0);
    expect(loadNative().openHandleCount()).toBe(before);
  });
});
