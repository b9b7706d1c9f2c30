import { once } from 'node:events';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { describe, expect, it } from 'vitest';
import { toDuplex, toWebStreams } from '../../../lib/websocket/connection/streams.ts';
import { availableBackends } from '../../helpers/backends.ts';
import { openPair } from './pair.ts';

describe.each(availableBackends)('streams of a connection on %s', (backend) => {
  it('carry messages through web streams, and close by them', async () => {
    await using pair = await openPair(backend);
    const { writable } = toWebStreams(pair.client);
    const { readable } = toWebStreams(pair.server);
    const sent = ['text', Buffer.from('bytes')];
    const writing = (async () => {
      const writer = writable.getWriter();
      for (const message of sent) await writer.write(message);
      await writer.close();
    })();
    const received = [];
    for await (const message of readable) received.push(message);
    await writing;
    expect(received).toEqual(sent);
    expect(await pair.server.closed).toMatchObject({ code: 1000, wasClean: true });
  });

  it('abort when the web stream is aborted', async () => {
    await using pair = await openPair(backend);
    const reason = new Error('stop');
    await toWebStreams(pair.client).writable.abort(reason);
    await expect(pair.client.receive()).rejects.toMatchObject({ code: 'ERR_WEBSOCKET_ABORTED', cause: reason });
  });

  it('close when reading is cancelled', async () => {
    await using pair = await openPair(backend);
    await toWebStreams(pair.client).readable.cancel();
    expect((await pair.server.closed).wasClean).toBe(true);
  });

  it('pipe bytes through a Duplex', async () => {
    await using pair = await openPair(backend);
    const bytes = Buffer.alloc(3_000_000, 'pattern');
    await pair.client.send('');
    const [, received] = await Promise.all([
      pipeline(Readable.from([bytes.subarray(0, 1_000_000), bytes.subarray(1_000_000)]), toDuplex(pair.client), {
        end: true,
      }).catch(() => {}),
      (async () => {
        const chunks = [];
        for await (const chunk of toDuplex(pair.server)) chunks.push(chunk as Buffer);
        return Buffer.concat(chunks);
      })(),
    ]);
    expect(received.equals(bytes)).toBe(true);
  });

  it('keep the bounds of messages in object mode', async () => {
    await using pair = await openPair(backend);
    const client = toDuplex(pair.client, { objectMode: true });
    client.write('one');
    client.write(Buffer.from('two'));
    client.resume().end();
    const received = [];
    for await (const message of toDuplex(pair.server, { objectMode: true })) received.push(message);
    expect(received).toEqual(['one', Buffer.from('two')]);
  });

  it('abort when the Duplex is destroyed', async () => {
    await using pair = await openPair(backend);
    toDuplex(pair.client).destroy();
    expect((await pair.client.closed).code).toBe(1006);
  });

  it('leave no pending promise when a Duplex is destroyed during a read and a write', async () => {
    await using pair = await openPair(backend);
    const duplex = toDuplex(pair.client);
    const reason = new Error('enough');
    const failed = once(duplex, 'error');
    duplex.resume();
    const written = new Promise((resolve) => duplex.write(Buffer.alloc(4_000_000), resolve));
    duplex.destroy(reason);
    expect((await failed)[0]).toBe(reason);
    expect(await written).toBeInstanceOf(Error);
    expect(await pair.client.closed).toMatchObject({ code: 1006, wasClean: false });
    await expect(pair.client.send('late')).rejects.toMatchObject({ code: 'ERR_WEBSOCKET_CLOSED' });
  });

  it('destroy the Duplex with the error that ended the connection', async () => {
    await using pair = await openPair(backend);
    const duplex = toDuplex(pair.client).resume();
    const failed = once(duplex, 'error');
    pair.socket.resetAndDestroy();
    expect((await failed)[0]).toMatchObject({ code: 'ERR_WEBSOCKET_CONNECTION_LOST' });
    expect(duplex.destroyed).toBe(true);
  });

  it('destroy the Duplex when the peer violates the protocol, after earlier messages', async () => {
    await using pair = await openPair(backend);
    const duplex = toDuplex(pair.client, { objectMode: true });
    const received: unknown[] = [];
    duplex.on('data', (message) => received.push(message));
    const failed = once(duplex, 'error');
    await pair.server.send('before');
    pair.socket.write(Buffer.from([0x83, 0]));
    expect((await failed)[0]).toMatchObject({ name: 'WinwireError' });
    expect(received).toEqual(['before']);
  });

  it('fail a write of an invalid message, and the Duplex with it', async () => {
    await using pair = await openPair(backend);
    const duplex = toDuplex(pair.client, { objectMode: true });
    const failed = once(duplex, 'error');
    duplex.write(5);
    expect((await failed)[0]).toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
    expect((await pair.client.closed).wasClean).toBe(false);
  });

  it('deliver text as bytes to a Duplex of bytes, without empty messages', async () => {
    await using pair = await openPair(backend);
    for (const message of ['', 'é', Buffer.alloc(0), Buffer.from([1])]) void pair.server.send(message);
    void pair.server.close();
    expect(Buffer.concat(await toDuplex(pair.client).toArray()).toString('hex')).toBe('c3a901');
  });

  it('apply backpressure when the peer does not read', async () => {
    await using pair = await openPair(backend);
    pair.socket.pause();
    // The end of the test causes an error.
    const duplex = toDuplex(pair.client).on('error', () => {});
    const bytes = Buffer.alloc(1_000_000);
    let count = 1;
    while (duplex.write(bytes) || (await isDrained(duplex))) count++;
    expect(count).toBeLessThan(200);
    expect(pair.client.bufferedAmount).toBeLessThanOrEqual(bytes.length);
  });

  it('fail both web streams with the error that ended the connection', async () => {
    await using pair = await openPair(backend);
    const { readable, writable } = toWebStreams(pair.client);
    const reader = readable.getReader();
    const writer = writable.getWriter();
    const read = reader.read();
    pair.client.abort('why');
    await expect(read).rejects.toMatchObject({ code: 'ERR_WEBSOCKET_ABORTED' });
    await expect(writer.write('late')).rejects.toMatchObject({ code: 'ERR_WEBSOCKET_CLOSED' });
    await expect(reader.closed).rejects.toMatchObject({ code: 'ERR_WEBSOCKET_ABORTED' });
    await expect(writer.closed).rejects.toBeInstanceOf(Error);
  });

  it('end both sides of a Duplex when the peer closes', async () => {
    await using pair = await openPair(backend);
    const duplex = toDuplex(pair.client).resume();
    const ended = once(duplex, 'close');
    await pair.server.close(1000);
    await ended;
    expect([duplex.readableEnded, duplex.writableFinished, duplex.destroyed]).toEqual([true, true, true]);
  });

  it.each([null, 5, {}])('require a connection, not %j', (value) => {
    for (const make of [toDuplex, toWebStreams]) {
      expect(() => make(value as never)).toThrowError(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }));
    }
  });

  it('end the readable web stream when the peer closes, and read nothing before it is asked', async () => {
    await using pair = await openPair(backend);
    const { readable } = toWebStreams(pair.client);
    await pair.server.send('one');
    await pair.server.ping();
    const reader = readable.getReader();
    expect(await pair.client.receive()).toBe('one');
    void pair.server.close(1000);
    expect(await reader.read()).toEqual({ done: true, value: undefined });
    await reader.closed;
  });
});

/** Whether a Duplex drains within enough turns of the event loop for a peer that reads. */
async function isDrained(duplex: NodeJS.WritableStream): Promise<boolean> {
  let drained = false;
  duplex.once('drain', () => (drained = true));
  for (let turn = 0; turn < 100 && !drained; turn++) await new Promise(setImmediate);
  return drained;
}
