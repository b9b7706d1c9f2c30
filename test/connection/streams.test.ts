import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { describe, expect, it } from 'vitest';
import { toDuplex, toWebStreams } from '../../lib/connection/streams.ts';
import { availableBackends } from '../helpers/backends.ts';
import { openPair } from './pair.ts';

describe.each(availableBackends)('streams of a connection on %s', (backend) => {
  it('carries messages through web streams, and closes by them', async () => {
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

  it('aborts when the web stream is aborted', async () => {
    await using pair = await openPair(backend);
    const reason = new Error('stop');
    await toWebStreams(pair.client).writable.abort(reason);
    await expect(pair.client.receive()).rejects.toMatchObject({ code: 'ERR_WEBSOCKET_ABORTED', cause: reason });
  });

  it('closes when reading is cancelled', async () => {
    await using pair = await openPair(backend);
    await toWebStreams(pair.client).readable.cancel();
    expect((await pair.server.closed).wasClean).toBe(true);
  });

  it('pipes bytes through a Duplex', async () => {
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

  it('keeps the bounds of messages in object mode', async () => {
    await using pair = await openPair(backend);
    const client = toDuplex(pair.client, { objectMode: true });
    client.write('one');
    client.write(Buffer.from('two'));
    client.resume().end();
    const received = [];
    for await (const message of toDuplex(pair.server, { objectMode: true })) received.push(message);
    expect(received).toEqual(['one', Buffer.from('two')]);
  });

  it('aborts when the Duplex is destroyed', async () => {
    await using pair = await openPair(backend);
    toDuplex(pair.client).destroy();
    expect((await pair.client.closed).code).toBe(1006);
  });
});
