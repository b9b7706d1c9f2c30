import { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { copiesStrings } from '../../../lib/websocket/connection/frame-strings.ts';
import { availableBackends } from '../../helpers/backends.ts';
import { sendUntilHeld } from '../../helpers/held-send.ts';
import { openPair } from './pair.ts';

describe('a transport copies strings', () => {
  it('if it is a socket of Node', () => {
    const socket = new Socket();
    expect([copiesStrings(socket), copiesStrings(new TLSSocket(socket))]).toEqual([true, true]);
  });

  it('and not otherwise: it may expect Buffers', () => {
    class OwnSocket extends Socket {}
    const watched = new Socket();
    watched.write = () => true;
    expect([new Duplex(), new OwnSocket(), watched].map(copiesStrings)).toEqual([false, false, false]);
  });
});

describe.each(availableBackends)('frames on %s', (backend) => {
  const values = Buffer.from(Array.from({ length: 512 }, (_, i) => i));
  /** Each byte value, in places that depend on the number. */
  const messageOf = (number: number, size: number) =>
    Buffer.alloc(size, values.subarray(number % 256, (number % 256) + 256));

  it('arrive byte by byte as they were sent, whatever else is sent before the system takes them', async () => {
    await using pair = await openPair(backend);
    pair.socket.pause();
    let sent = 0;
    const sends = await sendUntilHeld(() => pair.client.send(messageOf(sent++, 10_000)));
    for (let i = 0; i < 32; i++) {
      sends.push(pair.client.send(messageOf(sent++, 10_000)));
      await new Promise(setImmediate);
    }
    pair.socket.resume();
    for (let i = 0; i < sent; i++) {
      const received = (await pair.server.receive()) as Buffer;
      if (!received.equals(messageOf(i, 10_000))) expect(received).toEqual(messageOf(i, 10_000));
    }
    await Promise.all(sends);
  });

  it('of connections that send in the same turn do not mix', async () => {
    await using one = await openPair(backend);
    await using two = await openPair(backend);
    const pairs = [one, two];
    for (let i = 0; i < 20; i++)
      for (const [at, pair] of pairs.entries()) void pair.server.send(messageOf(i * 2 + at, 600));
    for (const [at, pair] of pairs.entries())
      for (let i = 0; i < 20; i++) expect(await pair.client.receive()).toEqual(messageOf(i * 2 + at, 600));
  });
});
